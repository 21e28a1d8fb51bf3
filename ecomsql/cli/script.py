"""Runs SQL, statement by statement."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import duckdb

import ecomsql
from ecomsql import progress
from ecomsql.cli.messages import brief
from ecomsql.errors import EcomsqlError
from ecomsql.registration import CATALOG

DATABASE = click.option(
    "--database", type=click.Path(path_type=Path), help="Database file; default: in memory."
)
DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder that file names in the SQL are relative to; default: the current one.",
)


def open_database(database: Path | None, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Return a connection with every function on it.

    Raises
    ------
    click.UsageError
        The file is missing (for reading), no database, in use, or of a name that cannot be.
    """
    try:
        con = ecomsql.connect(database or ":memory:", read_only=read_only)
    except (EcomsqlError, duckdb.Error) as error:
        raise click.UsageError(brief(error)) from error
    # DuckDB's own bar goes to stdout, in a pipe too, among the results.
    con.execute("SET enable_progress_bar = false")
    # A name that is no table is an error, not a variable of this program.
    con.execute("SET python_enable_replacements = false")
    return con


def results(con: duckdb.DuckDBPyConnection, text: str) -> Iterator[duckdb.DuckDBPyRelation]:
    """Run each statement of `text`; yield the relation of each that has rows to show.

    A relation that only reads runs when it is read.
    """
    for statement in con.extract_statements(text):
        relation = run(con, statement)
        if relation is not None:
            yield relation


def run(
    con: duckdb.DuckDBPyConnection, statement: duckdb.Statement
) -> duckdb.DuckDBPyRelation | None:
    """Run a statement; return its relation if it has rows to show, which runs when it is read."""
    progress.checkpoint()
    text = bare(statement.query)
    behind = statement.query[len(text) :].strip("; \n\t\r")
    is_query = statement.type == duckdb.StatementType.SELECT
    relation = con.sql(text if behind and is_query else statement)
    if statement.type == duckdb.StatementType.SET:
        _keep_functions(con)
    return None if relation is None or _is_receipt(statement, relation) else relation


def _keep_functions(con: duckdb.DuckDBPyConnection) -> None:
    """Let the functions be found without a prefix, also after USE, which forgets where they are."""
    [(path,)] = con.execute("SELECT current_setting('search_path')").fetchall()
    if f"{CATALOG}.main" not in path:
        ecomsql.register(con)


def bare(sql: str) -> str:
    """Return a statement without the semicolon and the comments behind it.

    DuckDB puts a query that is read later into parentheses, where neither may stand.

    Examples
    --------
    >>> bare("SELECT ';'; -- one; two")
    "SELECT ';'"
    """
    text = sql.encode()
    end = len(text)
    for start, kind in reversed(duckdb.tokenize(sql)):
        # DuckDB 1.5 gives no comments: what is behind the semicolon goes with it.
        if kind != duckdb.token_type.comment and not text[start:end].startswith(b";"):
            break
        end = start
    return text[:end].decode()


def has_statements(con: duckdb.DuckDBPyConnection, text: str) -> bool:
    """Whether `text` holds more than space and comments. A syntax error counts as SQL."""
    try:
        return bool(con.extract_statements(text))
    except duckdb.Error:
        return True


def _is_receipt(statement: duckdb.Statement, relation: duckdb.DuckDBPyRelation) -> bool:
    """Whether the result only says that the statement was done."""
    if statement.type == duckdb.StatementType.SELECT:
        return False
    return relation.columns in (["Count"], ["Success"])
