"""``ecomsql plot``: draw the result of a query."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Any

import click

from ecomsql.cli import script
from ecomsql.cli.drawing import Drawing, drawing_options


@click.command()
@click.argument("query", required=False)
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    required=True,
    help="File to draw into: .png, .svg or .html.",
)
@drawing_options
@script.DATABASE
@click.option("--read-only", is_flag=True, help="Open the database for reading only.")
@script.DATA
def plot(
    query: str | None,
    target: Path,
    database: Path | None,
    read_only: bool,
    data: Path | None,
    **options: Any,
) -> None:
    """Draw the result of QUERY, SQL that may also come on stdin: a panel for each series.

    Forecasts are drawn with their intervals, anomalies are marked, decompositions taken apart; of
    any other table, the columns of numbers are lines over its times, or over its first number,
    and columns of text tell the series apart. NULL and infinite values are gaps; timestamps with
    a time zone are drawn in that of the session.
    """
    text = _text(query)
    drawing = Drawing(target, **options)
    con = script.open_database(database.absolute() if database else None, read_only=read_only)
    with contextlib.closing(con), contextlib.chdir(data or Path()):
        if not script.has_statements(con, text):
            raise click.UsageError("there is no SQL to run")
        drawing.draw(con, text)


def _text(query: str | None) -> str:
    """Return the SQL, from the argument or stdin."""
    if query is not None and query != "-":
        return query
    if sys.stdin.isatty():
        raise click.UsageError("give SQL as QUERY, or on stdin")
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise click.UsageError("stdin is not UTF-8 text") from error
