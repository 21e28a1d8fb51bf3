"""The shell: reads, runs, and reads again."""

from __future__ import annotations

import contextlib
import sys
from functools import partial
from pathlib import Path

import click
import duckdb

from ecomsql.cli.messages import note
from ecomsql.shell.commands.read import read
from ecomsql.shell.execution import attempt, execute
from ecomsql.shell.session import Session
from ecomsql.shell.statements import inputs
from ecomsql.shell.transaction import Transaction
from ecomsql.shell.view import NARROWEST, window
from ecomsql.version import __version__


def is_interactive() -> bool:
    """Whether somebody types, and sees what is asked."""
    return sys.stdin.isatty() and (sys.stdout.isatty() or sys.stderr.isatty())


def run_shell(con: duckdb.DuckDBPyConnection, name: str, init: Path | None) -> int:
    """Run the shell until it is left, on a terminal or on what stdin holds.

    Parameters
    ----------
    con : DuckDBPyConnection
        With every function on it.
    name : str
        What the user knows the database by.
    init : Path, optional
        File of SQL and dot commands to run first.

    Returns
    -------
    int
        Exit code: 1 if something failed that came from a pipe or a file.
    """
    session = Session(con, interactive=is_interactive())
    if session.view.on_screen and window()[0] >= NARROWEST:
        con.execute("SET enable_progress_bar = true")
    if session.interactive:
        note(
            f"ecomsql {__version__} on DuckDB {duckdb.__version__}, {name}.\n"
            ".help lists the commands, .functions what ecomsql adds to SQL; Ctrl-D leaves."
        )
    with contextlib.suppress(EOFError):
        went_well = init is None or attempt(session, partial(read, session, str(init)))
        if not went_well and not session.interactive:
            return 1
        return _converse(session) if session.interactive else _run_all(session)
    _end(session)
    return 0


def _converse(session: Session) -> int:
    """Run what is typed until the user leaves."""
    from ecomsql.shell.prompt import Prompt

    prompt = Prompt(session)
    while True:
        # Ctrl-C at any moment ends what is being done, and never the shell.
        with contextlib.suppress(KeyboardInterrupt):
            for _, text in inputs(prompt.ask().splitlines(keepends=True)):
                if not attempt(session, partial(execute, session, text)):
                    break


def _run_all(session: Session) -> int:
    """Run what comes on stdin, as DuckDB's shell does: errors do not end it, but count."""
    failed = False
    try:
        for number, text in inputs(sys.stdin):
            work = partial(execute, session, text)
            failed |= not attempt(session, work, f"line {number}: ")
    except UnicodeDecodeError as error:
        raise click.UsageError("stdin is not UTF-8 text") from error
    return int(failed)


def _end(session: Session) -> None:
    if session.interactive and session.transaction is not Transaction.NONE:
        note("The open transaction is rolled back.")
