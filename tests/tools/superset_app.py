"""Superset as ``superset run`` serves it, set up in one process, which its own Python runs."""

from __future__ import annotations

import sys

from flask.cli import ScriptInfo
from superset.app import create_app
from superset.cli.main import superset
from werkzeug.serving import make_server

COMMANDS = (
    "db upgrade",
    "fab create-admin --username admin --password {password}"
    " --firstname A --lastname B --email a@example.org",
    "init",
)

info = ScriptInfo(create_app=create_app)
app = info.load_app()
for command in COMMANDS:
    superset.main(command.format(password=sys.argv[1]).split(), standalone_mode=False, obj=info)
server = make_server("127.0.0.1", 0, app, threaded=True)
sys.stdout.write(f"\nlistening on {server.port}\n")
sys.stdout.flush()
server.serve_forever()
