"""``ecomsql demo``: a made-up shop, and questions that a shop asks."""

from __future__ import annotations

import contextlib
import time
from importlib.resources import files
from pathlib import Path

import click
import duckdb
from rich.syntax import Syntax
from rich.text import Text

from ecomsql.cli import script
from ecomsql.cli.console import Console
from ecomsql.cli.messages import note
from ecomsql.cli.output import Output, output
from ecomsql.cli.queries import Query, queries
from ecomsql.cli.running import stoppable, temporary_folder
from ecomsql.shop import generate

ROWS = 15
"""Rows of each answer."""


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the shop's files here; default: a temporary folder.",
)
def demo(folder: Path | None) -> None:
    """Make up a shop and answer its questions.

    Each question is printed with its SQL and the answer; the queries are those of sql/queries.
    """
    with contextlib.ExitStack() as stack:
        shop = folder.absolute() if folder else stack.enter_context(temporary_folder())
        con = stack.enter_context(contextlib.closing(script.open_database(None)))
        made = stoppable(con, lambda: generate(shop))
        note(f"Made up a shop: {', '.join(file.name for file in made.values())} in {shop}")
        stack.enter_context(contextlib.chdir(shop))
        into = stack.enter_context(output(None, "box", ROWS))
        for number, query in enumerate(queries(files("ecomsql.sql") / "queries"), start=1):
            _ask(con, number, query, into)
    if folder:
        note(f"Ask more: ecomsql sql --data {folder} -c \"FROM recommend('events.parquet')\"")


def _ask(con: duckdb.DuckDBPyConnection, number: int, query: Query, into: Output) -> None:
    """Print a question, its SQL and the answer."""
    console = Console()
    console.print(Text(f"\n{number}. {query.question}\n", style="bold"))
    if console.is_terminal:
        console.print(Syntax(query.sql, "sql", background_color="default"))
    else:
        click.echo(query.sql)
    click.echo()
    start = time.perf_counter()
    asked = query.part(lambda name: _has(con, name))
    stoppable(con, lambda: _answer(con, asked, into))
    left = "" if asked == query.sql else "; the last part needs an extension that is not installed"
    note(f"({query.name}.sql: {time.perf_counter() - start:.1f} s{left})")


def _answer(con: duckdb.DuckDBPyConnection, text: str, into: Output) -> None:
    for relation in script.results(con, text):
        into.add(relation)


def _has(con: duckdb.DuckDBPyConnection, extension: str) -> bool:
    """Load an extension of DuckDB, if it is installed; none is ever downloaded."""
    if not extension.isidentifier():
        return False
    try:
        con.execute(f"LOAD {extension}")
    except duckdb.Error:
        return False
    return True
