"""``ecomsql serve`` in a process of its own, and what clients need to reach it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "ecomsql", "correct horse"

COMMAND = [sys.executable, "-m", "ecomsql.cli", "serve"]


@dataclass
class Server:
    """A server that runs."""

    process: subprocess.Popen
    host: str
    port: int
    log: Path

    @property
    def dsn(self) -> str:
        """Connection string of libpq."""
        return (
            f"host={self.host} port={self.port} user={USER} password='{PASSWORD}' dbname=shop"
            " connect_timeout=20"
        )

    @property
    def memory(self) -> int:
        """Resident memory of the process, in bytes."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the process with a signal; return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=40)


@contextmanager
def serving(
    folder: Path,
    *options: str,
    database: Path | None = None,
    program: str = "",
    unset: tuple[str, ...] = (),
    **environment: str,
):
    """Start a server on a free port, wait until it listens, and end it afterwards.

    `program`: what Python runs instead of the command, for a server that is a little different;
    `unset`: environment variables that it does not get.
    """
    log = folder / "server.log"
    command = [sys.executable, "-c", program, "serve"] if program else COMMAND
    arguments = [*command, *([str(database)] if database else []), "--postgres", "127.0.0.1:0"]
    there = {**os.environ, "ECOMSQL_PASSWORD": PASSWORD, **environment}
    with log.open("w") as into:
        process = subprocess.Popen(
            [*arguments, *options],
            stderr=into,
            env={name: value for name, value in there.items() if name not in unset},
            cwd=folder,
        )
    try:
        yield Server(process, "127.0.0.1", _port(process, log), log)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _port(process: subprocess.Popen, log: Path) -> int:
    """Return the port that the server says it listens on."""
    said = "listening for PostgreSQL's clients on "
    while process.poll() is None:
        for line in log.read_text().splitlines():
            if line.startswith(said):
                return int(line.rpartition(":")[2])
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError(f"the server did not start: {log.read_text()}")
