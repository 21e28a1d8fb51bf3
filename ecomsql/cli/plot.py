"""``ecomsql plot``: draw the result of a query."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from pathlib import Path

import click

from ecomsql.cli import script
from ecomsql.cli.messages import note
from ecomsql.cli.output import check_writable, whole_file
from ecomsql.cli.plot_panels import Choice, picture_of
from ecomsql.cli.running import stoppable
from ecomsql.errors import listed
from ecomsql.plots.panels import Picture

FORMS = {".png": "png", ".svg": "svg", ".html": "html"}

MOST, AT_ALL = 12, 100
"""Panels unless told, and at most."""


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
@click.option(
    "--history",
    help="What was before a forecast: SQL, or the name of a table, view or file.",
)
@click.option(
    "--past",
    type=click.FloatRange(min=0, max=1000),
    default=3.0,
    show_default=True,
    help="How much history is shown, in lengths of the forecast.",
)
@click.option("--series", multiple=True, metavar="ID", help="Draw this series; may be repeated.")
@click.option(
    "--most",
    type=click.IntRange(1, AT_ALL),
    help=f"Panels at most; default: {MOST}, or as many as --series names.",
)
@click.option("--title", default="", help="Text above the picture.")
@script.DATABASE
@click.option("--read-only", is_flag=True, help="Open the database for reading only.")
@script.DATA
def plot(
    query: str | None,
    target: Path,
    history: str | None,
    past: float,
    series: tuple[str, ...],
    most: int | None,
    title: str,
    database: Path | None,
    read_only: bool,
    data: Path | None,
) -> None:
    """Draw the result of QUERY, SQL that may also come on stdin: a panel for each series.

    Forecasts are drawn with their intervals, anomalies are marked, decompositions taken apart; of
    any other table, the columns of numbers are lines over its times, or over its first number,
    and columns of text tell the series apart. NULL and infinite values are gaps; timestamps with
    a time zone are drawn in that of the session.
    """
    text = _text(query)
    form = _form(target)
    target = target.absolute()
    check_writable(target)
    if importlib.util.find_spec("matplotlib") is None:
        raise click.ClickException("drawing needs matplotlib: pip install 'ecomsql[plot]'")
    if series and most is None:
        most = min(max(MOST, len(series)), AT_ALL)
    choice = Choice(series, most or MOST)
    con = script.open_database(database.absolute() if database else None, read_only=read_only)
    with contextlib.closing(con), contextlib.chdir(data or Path()):
        if not script.has_statements(con, text):
            raise click.UsageError("there is no SQL to run")

        def draw(file: Path) -> None:
            picture, left_out = picture_of(
                con, text, choice, history=history, past=past, title=title
            )
            if left_out:
                _tell(len(picture.panels), left_out)
            _write(picture, file, form)

        with whole_file(target) as file:
            stoppable(con, lambda: draw(file))


def _tell(drawn: int, left_out: int) -> None:
    note(
        f"{drawn} of {drawn + left_out} series are drawn, {left_out} left out; choose with"
        " --series, or draw more with --most"
    )


def _write(picture: Picture, file: Path, form: str) -> None:
    """Draw; matplotlib loads here."""
    from ecomsql.plots.files import lacks_letters, write

    if form == "png" and lacks_letters(picture):
        note("the font of a PNG lacks some letters of the titles; .svg and .html have them all")
    write(picture, file, form, title=picture.title or picture.kind.capitalize())


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


def _form(target: Path) -> str:
    """Return the format that the name of a file says."""
    form = FORMS.get(target.suffix.lower())
    if form is None:
        raise click.UsageError(
            f"cannot tell the format from the name '{target.name}'; it ends in one of:"
            f" {listed(FORMS)}"
        )
    return form
