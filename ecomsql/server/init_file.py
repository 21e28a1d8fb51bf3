"""Runs the file of SQL that a server begins with."""

from __future__ import annotations

from pathlib import Path

import duckdb

from ecomsql.errors import OptionError
from ecomsql.server.interruptible import interruptible
from ecomsql.server.postgres.statements import split, without_comments

BATCH = 10_000
"""Rows that are fetched at once, and forgotten."""


def run_file(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Run a file of SQL.

    Raises
    ------
    OptionError
        It is no text, or a statement of it fails; the error says where.
    KeyboardInterrupt
        Ctrl-C came.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise OptionError(f"{file} is not UTF-8") from error
    at = 0
    for statement in split(text):
        at = text.index(statement, at)
        try:
            with interruptible(con):
                _run(con, statement)
        except (duckdb.InterruptException, RuntimeError) as error:
            # DuckDB says one or the other of Ctrl-C.
            if "interrupt" not in str(error).lower():
                raise
            raise KeyboardInterrupt from error
        except duckdb.Error as error:
            begin = at + len(statement) - len(without_comments(statement))
            line = text.count("\n", 0, begin) + 1
            raise OptionError(f"{file}, line {line}: {error}") from error
        at += len(statement)


def _run(con: duckdb.DuckDBPyConnection, text: str) -> None:
    """Run a statement; DuckDB makes several of some, and none of a comment."""
    for statement in con.extract_statements(text):
        con.execute(statement)
        # A query runs only as far as its rows are fetched.
        while con.fetchmany(BATCH):
            pass
