"""``ecomsql sql``: run SQL and print the results."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import click
import duckdb

from ecomsql.cli import script
from ecomsql.cli.formats import FORMATS
from ecomsql.cli.output import Output, chosen_format, output
from ecomsql.cli.running import stoppable


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("-c", "--command", help="SQL to run.")
@script.DATABASE
@click.option("--read-only", is_flag=True, help="Open the database for reading only.")
@script.DATA
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="Default: as the name of the output file says, else box.",
)
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), help="Write to this file."
)
@click.option(
    "--max-rows",
    type=click.IntRange(min=0),
    help="Rows of a box, 0 for all; default: 40 on a terminal, else all.",
)
def sql(
    file: Path | None,
    command: str | None,
    database: Path | None,
    read_only: bool,
    data: Path | None,
    form: str | None,
    target: Path | None,
    max_rows: int | None,
) -> None:
    """Run SQL from -c, FILE or stdin, and print each result."""
    text = _text(file, command)
    target = target.absolute() if target else None
    form = chosen_format(form, target)
    con = script.open_database(database.absolute() if database else None, read_only=read_only)
    with contextlib.closing(con), contextlib.chdir(data or Path()):
        if not script.has_statements(con, text):
            raise click.UsageError("there is no SQL to run")
        with output(target, form, max_rows) as into:
            stoppable(con, lambda: _run(con, text, into, single=form == "parquet"))


def _run(con: duckdb.DuckDBPyConnection, text: str, into: Output, *, single: bool) -> None:
    count = 0
    for relation in script.results(con, text):
        count += 1
        if single and count > 1:
            raise click.ClickException("a parquet file holds one result, and the SQL has several")
        into.add(relation)
    if single and not count:
        raise click.ClickException("the SQL has no result to write")
    into.finish()


def _text(file: Path | None, command: str | None) -> str:
    """Return the SQL, from its one source."""
    if file is not None and command is not None:
        raise click.UsageError("give SQL with -c or as FILE, not both")
    if command is not None:
        return command
    if file is None and sys.stdin.isatty():
        raise click.UsageError("give SQL with -c, as FILE, or on stdin")
    try:
        if file is None or str(file) == "-":
            return sys.stdin.read()
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise click.UsageError(f"cannot read {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file or 'stdin'} is not UTF-8 text") from error
