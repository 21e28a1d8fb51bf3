"""``.output`` and ``.once``: results into files."""

from __future__ import annotations

from pathlib import Path

from ecomsql.cli.formats import SUFFIXES
from ecomsql.cli.messages import note
from ecomsql.cli.output import check_writable
from ecomsql.shell.command import command
from ecomsql.shell.errors import CommandError
from ecomsql.shell.session import Session
from ecomsql.shell.view import Target


@command("output", usage="[FILE]")
def output(session: Session, file: str | None = None) -> None:
    """Write the results that come into a file, as its name says; alone: show them again."""
    if file is None:
        session.view.target = None
        return
    target = _target(session, file)
    if target.form == "parquet":
        raise CommandError(f"a parquet file holds one result: .once {file}")
    target.path.write_bytes(b"")
    session.view.target = target
    note(f"Results go to {target.path}, as {target.form}.")


@command("once", usage="FILE")
def once(session: Session, file: str) -> None:
    """Write the results of the next statement into a file, as its name says."""
    session.view.once = _target(session, file)


def _target(session: Session, file: str) -> Target:
    if file.startswith("|"):
        raise CommandError("results go to files, not into other programs")
    path = Path(file).expanduser().absolute()
    check_writable(path)
    return Target(path, SUFFIXES.get(path.suffix.lower(), session.view.mode))
