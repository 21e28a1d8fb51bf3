"""What was before a forecast: read for the series that are drawn, as long as it is shown."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np

from ecomsql.cli import script
from ecomsql.cli.formats import quoted
from ecomsql.cli.plot_data import Rows, Series, check_calendar, number, place, projected, text
from ecomsql.cli.plot_roles import Roles
from ecomsql.errors import DataError, listed
from ecomsql.plots.panels import Numbers, Panel
from ecomsql.plots.rhythm import following, in_rhythm
from ecomsql.plots.types import is_number, is_text, is_time

FEWEST = 12
"""Steps that are shown of the past of a forecast of one step."""


def with_history(
    panels: list[tuple[str | None, Panel]],
    con: duckdb.DuckDBPyConnection,
    what: str,
    *,
    roles: Roles,
    times: float,
    calendar: bool,
) -> list[Panel]:
    """Return the panels with what was before.

    Parameters
    ----------
    panels : list of tuple of str and Panel
        Forecasts, each with the id of its series.
    con : DuckDBPyConnection
        Where `what` is.
    what : str
        A query, or the name of a table, view or file.
    roles : Roles
        What the query of the forecasts says of its columns.
    times : float
        How much of the past is shown, in lengths of the forecast.
    calendar : bool
        Whether the forecasts are along dates.

    Raises
    ------
    DataError
        Columns that are needed are missing, or do not go with the forecast's.
    """
    relation = _relation(con, what)
    keys, along, value = roles.places(relation.columns)
    ids = {name for name, _ in panels}
    _check(relation, (keys, along, value), several=len(ids) > 1, calendar=calendar)
    if ids == {None}:
        # A forecast of all rows as one series has a history of all rows.
        keys = ()
    first = min(_since(panel.x, times) for _, panel in panels)
    last = max(float(panel.x[-1]) for _, panel in panels)
    found = _rows(relation, (keys, along, value), ids, first, last)
    total = roles.total
    if total is None:
        total = relation.columns[value].lower() == "quantity"
    return [
        _joined(
            panel,
            found.get((name,) if keys else ()),
            _steps(panel.x, roles.frequency, calendar=calendar),
            times,
            calendar=calendar,
            total=total,
        )
        for name, panel in panels
    ]


def _check(
    relation: duckdb.DuckDBPyRelation,
    places: tuple[tuple[int, ...], int, int],
    *,
    several: bool,
    calendar: bool,
) -> None:
    """Raise DataError unless the columns of the history go with the forecast's."""
    (keys, along, value), names = places, relation.columns
    kinds = [str(kind) for kind in relation.types]
    if not (is_text(kinds[along]) or (is_time if calendar else is_number)(kinds[along])):
        raise DataError(
            f"the history's '{names[along]}' is {kinds[along]}, which does not go with"
            f" the forecast's {'dates' if calendar else 'numbers'}"
        )
    if not is_number(kinds[value]):
        raise DataError(f"the history's '{names[value]}' is {kinds[value]}, not a number")
    if not keys and several:
        raise DataError(
            "the history has no column series_id, and the forecast has several series; it has: "
            + listed(names)
        )


def _rows(
    relation: duckdb.DuckDBPyRelation,
    places: tuple[tuple[int, ...], int, int],
    ids: set[str | None],
    first: float,
    last: float,
) -> dict[tuple[str | None, ...], Rows]:
    """Return the history of the series `ids` between two times, by their keys."""
    keys, along, value = places
    wanted = {(name,) if keys else () for name in ids}
    past = Series(lambda key: key in wanted)
    columns = [*map(text, keys), place(along, str(relation.types[along])), number(value)]
    at = f"c{len(keys)}"
    low = f"{at} >= {first!r}" if math.isfinite(first) else f"{at} IS NOT NULL"
    rows = projected(relation, columns).filter(f"{low} AND {at} <= {last!r}")
    past.read(rows, len(keys))
    return past.arrays()


def _joined(
    panel: Panel,
    rows: Rows | None,
    ahead: Numbers,
    times: float,
    *,
    calendar: bool,
    total: bool,
) -> Panel:
    """Return a panel with its past, in its rhythm."""
    if rows is None:
        return panel
    low, high = _since(ahead, times), panel.x[-1]
    rows = rows[:, (rows[0] >= low) & (rows[0] <= high) & np.isfinite(rows[1])]
    if calendar:
        check_calendar(rows[0], "the history's ts")
    x, values = in_rhythm(rows[0], rows[1], ahead, calendar=calendar, total=total)
    steps = max(math.ceil(times * len(panel.x)), FEWEST if len(panel.x) < 2 and times else 0)
    since = max(int(np.searchsorted(x, panel.x[0])) - steps, 0)
    return replace(panel, past=(x[since:], values[since:]))


def _steps(x: Numbers, frequency: str | None, *, calendar: bool) -> Numbers:
    """Return two steps or more; a forecast of one does not show its rhythm, but a query may."""
    if len(x) > 1 or not calendar or frequency is None:
        return x
    return np.append(x, following(x[0], frequency))


def _since(ahead: Numbers, times: float) -> float:
    """Return from where the past of a forecast is read: a little before what is shown."""
    if len(ahead) < 2:
        return -math.inf
    step = (ahead[-1] - ahead[0]) / (len(ahead) - 1)
    steps = max(times * len(ahead) * 1.05, FEWEST) + 2
    return float(ahead[0] - steps * step)


def _relation(con: duckdb.DuckDBPyConnection, what: str) -> duckdb.DuckDBPyRelation:
    """Return what a query has, or the table or file of that name."""
    if len(what.split()) < 2:
        # DuckDB 1.5 takes the dots of a file's name for those between schema and table.
        is_file = "/" in what or Path(what).is_file()
        name = quoted(what) if is_file and not what.startswith('"') else what
        return con.sql("FROM query_table($1)", params=[name])
    *_, relation = [None, *script.results(con, what)]
    if relation is None:
        raise DataError("the SQL of --history has no result")
    return relation
