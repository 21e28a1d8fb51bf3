"""Which picture a table is for, told by the names and types of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ecomsql.errors import DataError, listed
from ecomsql.plots.types import is_number, is_text, is_time

FORECAST, ANOMALIES, DECOMPOSITION, LINES = "forecast", "anomalies", "decomposition", "lines"

MOST_LINES = 10
"""Lines of one panel; more could not be told apart."""

_NEEDED = {
    ANOMALIES: ("value", "expected", "lower", "upper", "is_anomaly"),
    DECOMPOSITION: ("value", "trend", "seasonal", "remainder"),
    FORECAST: ("forecast", "lower", "upper"),
}
"""Columns beside ``ts`` that make a table what it is, in the order of trying."""

_IDS = ("series_id", "item_id", "user_id")


@dataclass(frozen=True)
class Recognised:
    """What to draw, with the places of columns in the table.

    Parameters
    ----------
    kind : str
        forecast, anomalies, decomposition or lines.
    keys : tuple of int
        Columns that tell the panels apart; the first is the series.
    x : int
        Column of times or numbers.
    values : dict of str to int
        Columns of numbers, by name.
    calendar : bool
        Whether `x` holds times, not numbers.
    """

    kind: str
    keys: tuple[int, ...]
    x: int
    values: dict[str, int]
    calendar: bool


def recognised(columns: Sequence[str], kinds: Sequence[str]) -> Recognised:
    """Return what to draw of a table.

    Parameters
    ----------
    columns, kinds : sequence of str
        Names of its columns, and their SQL types.

    Raises
    ------
    DataError
        The table cannot be drawn; the error names its columns and says what is needed.

    Examples
    --------
    >>> recognised(["day", "sold"], ["DATE", "BIGINT"]).kind
    'lines'
    """
    place = {name.lower(): i for i, name in reversed(list(enumerate(columns)))}
    at = place.get("ts")
    if at is not None and (is_time(kinds[at]) or is_number(kinds[at]) or is_text(kinds[at])):
        calendar = not is_number(kinds[at])
        for kind, needed in _NEEDED.items():
            if all(name in place for name in needed):
                named = ["series_id", *(["method"] if kind == FORECAST else [])]
                keys = tuple(place[name] for name in named if name in place)
                values = {name: place[name] for name in needed}
                return Recognised(kind, keys, at, values, calendar)
    return _lines(columns, kinds)


def _lines(columns: Sequence[str], kinds: Sequence[str]) -> Recognised:
    """Any table with times or numbers, then numbers."""
    ids = [i for i, name in enumerate(columns) if name.lower() in _IDS and not is_time(kinds[i])]
    texts = [i for i, kind in enumerate(kinds) if is_text(kind) and i not in ids]
    times = [i for i, kind in enumerate(kinds) if is_time(kind)]
    numbers = [i for i, kind in enumerate(kinds) if is_number(kind) and i not in ids]
    if not times and not texts and not numbers[1:] and ids:
        # An id and one number: the id is what there is to go along.
        numbers, ids = sorted([*(i for i in ids if is_number(kinds[i])), *numbers]), []
    along = (times or numbers)[:1]
    drawn = [i for i in numbers if i not in along]
    if not drawn:
        raise DataError(_not_drawable(columns, kinds))
    if len(drawn) > MOST_LINES:
        raise DataError(
            f"the result has {len(drawn)} columns of numbers, and a panel shows at most"
            f" {MOST_LINES}; SELECT those to draw"
        )
    values = {_unlike(columns, i): i for i in drawn}
    return Recognised(LINES, (*ids, *texts), along[0], values, bool(times))


def _unlike(columns: Sequence[str], at: int) -> str:
    """Return the name of a column, with its place where the name occurs twice."""
    name = columns[at]
    return name if list(columns).count(name) == 1 else f"{name} ({at + 1})"


def _not_drawable(columns: Sequence[str], kinds: Sequence[str]) -> str:
    there = listed(f"{name} {kind}" for name, kind in zip(columns, kinds, strict=True))
    return (
        "the result has nothing to draw: a column of times or numbers and a column of numbers are"
        f" needed, or what a forecast, anomalies or a decomposition have; it has: {there}"
    )
