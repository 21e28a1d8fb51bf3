"""``.read``: SQL and dot commands from a file."""

from __future__ import annotations

from pathlib import Path

import click
import duckdb

from ecomsql.cli.messages import told
from ecomsql.errors import EcomsqlError
from ecomsql.shell.command import command
from ecomsql.shell.errors import CommandError
from ecomsql.shell.execution import execute
from ecomsql.shell.session import Session
from ecomsql.shell.statements import inputs

DEEPEST = 20
"""Files that read each other."""


class FileError(CommandError):
    """What went wrong in a file, and where."""


@command("read", usage="FILE")
def read(session: Session, file: str) -> None:
    """Run the SQL and the dot commands of a file; the first error ends it."""
    if session.depth >= DEEPEST:
        raise CommandError(f"{file} is read by itself, or by more than {DEEPEST} others")
    session.depth += 1
    try:
        _run(session, file)
    finally:
        session.depth -= 1


def _run(session: Session, file: str) -> None:
    for number, text in inputs(_lines(Path(file).expanduser())):
        try:
            execute(session, text)
        except FileError:
            # It names the file that this one reads.
            raise
        except (EcomsqlError, click.ClickException, duckdb.Error) as error:
            raise FileError(f"{file}, line {number}: {told(error)}") from error


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 text") from error
