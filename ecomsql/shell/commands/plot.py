"""``.plot``: the last result, or that of a query, as a picture."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from ecomsql.cli import script
from ecomsql.cli.drawing import Drawing, drawing_options
from ecomsql.cli.messages import note
from ecomsql.shell.command import command, words
from ecomsql.shell.errors import CommandError
from ecomsql.shell.session import Session

_OPTIONS = re.compile(r"""(?:\s*--[\w-]+(?:\s+|=)(?:'[^']*'|"[^"]*"|[^\s'"])+)*""")


@command("plot", usage="FILE [QUERY...]")
def plot(session: Session, file: str, rest: str = "") -> None:
    """Draw the last result, or that of a query, into a .png, .svg or .html file.

    The options of ``ecomsql plot``, ``--history orders.parquet`` say, stand before the query.
    """
    match = _OPTIONS.match(rest)
    options, query = (match[0], rest[match.end() :]) if match else ("", rest)
    text = query.strip() or session.last_query
    if not text:
        raise CommandError("there is no result to draw yet: .plot FILE QUERY")
    if not script.has_statements(session.con, text):
        raise CommandError("there is no SQL to run")
    target = Path(file).expanduser()
    drawing = Drawing(target, **_chosen(options), patient=session.interactive)
    drawing.draw(session.con, text)
    note(f"Drawn into {target}")


def _chosen(options: str) -> dict[str, Any]:
    """Read the options as the command line does."""
    return _nothing.make_context(".plot", words(options)).params


@click.command(add_help_option=False)
@drawing_options
def _nothing(**_: Any) -> None:
    """Take the options."""
