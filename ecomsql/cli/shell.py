"""``ecomsql shell``: SQL as it is typed."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from ecomsql.cli import script


@click.command()
@click.argument("database", required=False, type=click.Path(path_type=Path))
@click.option("--read-only", is_flag=True, help="Open the database for reading only.")
@script.DATA
@click.option(
    "--init",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File of SQL and dot commands to run first.",
)
def shell(
    database: Path | None = None,
    read_only: bool = False,
    data: Path | None = None,
    init: Path | None = None,
) -> int:
    """Open a shell on DATABASE, or in memory.

    SQL runs at its semicolon; .help lists the commands. What comes through a pipe runs without a
    prompt, errors do not end it, and the exit code tells of them.
    """
    # The libraries of the prompt load only here.
    from ecomsql.shell.program import run_shell

    path = database.absolute() if database else None
    init = init.absolute() if init else None
    con = script.open_database(path, read_only=read_only)
    with contextlib.closing(con), contextlib.chdir(data or Path()):
        return run_shell(con, path.name if path else "in memory", init)
