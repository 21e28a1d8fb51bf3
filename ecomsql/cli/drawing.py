"""Draws the result of a query into a file."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
import duckdb

from ecomsql.cli.messages import note
from ecomsql.cli.output import check_writable, whole_file
from ecomsql.cli.plot_panels import Choice, picture_of
from ecomsql.cli.running import stoppable
from ecomsql.errors import listed
from ecomsql.plots.panels import Picture

FORMS = {".png": "png", ".svg": "svg", ".html": "html"}

MOST, AT_ALL = 12, 100
"""Panels unless told, and at most."""

PAST = 3.0
"""How much history is shown, in lengths of the forecast."""

_OPTIONS = (
    click.option(
        "--history",
        help="What was before a forecast: SQL, or the name of a table, view or file.",
    ),
    click.option(
        "--past",
        type=click.FloatRange(min=0, max=1000),
        default=PAST,
        show_default=True,
        help="How much history is shown, in lengths of the forecast.",
    ),
    click.option(
        "--series", multiple=True, metavar="ID", help="Draw this series; may be repeated."
    ),
    click.option(
        "--most",
        type=click.IntRange(1, AT_ALL),
        help=f"Panels at most; default: {MOST}, or as many as --series names.",
    ),
    click.option("--title", default="", help="Text above the picture."),
)


def drawing_options(function: Callable[..., None]) -> Callable[..., None]:
    """Let a command take what a :class:`Drawing` takes besides its file."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


class Drawing:
    """A picture that is to be drawn.

    Parameters
    ----------
    target : Path
        File to draw into, whose name says the format.
    series : tuple of str
        The series to draw; none: the first ones.
    most : int, optional
        Panels at most; default: MOST, or as many as there are `series`.
    history : str, optional
        SQL or the name of a relation of what was before.
    past : float
        How much of it is shown, in lengths of the forecast.
    title : str
        Text above the picture.
    patient : bool
        Whether Ctrl-C waits for the work to end, rather than ending the process.

    Raises
    ------
    click.ClickException
        A file that cannot be written or has no format, or no matplotlib.
    """

    def __init__(
        self,
        target: Path,
        *,
        series: tuple[str, ...] = (),
        most: int | None = None,
        history: str | None = None,
        past: float = PAST,
        title: str = "",
        patient: bool = False,
    ) -> None:
        self._form = _form(target)
        self._target = target.absolute()
        check_writable(self._target)
        if importlib.util.find_spec("matplotlib") is None:
            raise click.ClickException("drawing needs matplotlib: pip install 'ecomsql[plot]'")
        if series and most is None:
            most = min(max(MOST, len(series)), AT_ALL)
        choice = Choice(series, most or MOST)
        self._picture = partial(picture_of, choice=choice, history=history, past=past, title=title)
        self._patient = patient

    def draw(self, con: duckdb.DuckDBPyConnection, text: str) -> None:
        """Run the SQL `text` and draw its last result."""
        with whole_file(self._target) as file:
            stoppable(con, lambda: self._draw(con, text, file), patient=self._patient)

    def _draw(self, con: duckdb.DuckDBPyConnection, text: str, file: Path) -> None:
        picture, left_out = self._picture(con, text)
        if left_out:
            _tell(len(picture.panels), left_out)
        _write(picture, file, self._form)


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


def _form(target: Path) -> str:
    """Return the format that the name of a file says."""
    form = FORMS.get(target.suffix.lower())
    if form is None:
        raise click.UsageError(
            f"cannot tell the format from the name '{target.name}'; it ends in one of:"
            f" {listed(FORMS)}"
        )
    return form
