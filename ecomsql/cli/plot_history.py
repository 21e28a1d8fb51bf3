"""What was before a forecast: read for the series that are drawn, as long as it is shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np

from ecomsql.cli import script
from ecomsql.cli.formats import quoted
from ecomsql.cli.plot_data import Rows, Series, check_calendar, number, place, projected, text
from ecomsql.errors import DataError, listed
from ecomsql.plots.panels import Numbers, Panel
from ecomsql.plots.rhythm import in_rhythm
from ecomsql.plots.types import is_number, is_text, is_time

SERIES = ("series_id", "item_id", "user_id")
VALUES = ("value", "price", "quantity")
TOTALLED = ("quantity",)
"""Added up where several rows are at one step, as forecast_demand does; others are averaged."""

FEWEST = 12
"""Steps that are shown of the past of a forecast of one step."""


def with_history(
    panels: list[tuple[str | None, Panel]],
    con: duckdb.DuckDBPyConnection,
    what: str,
    *,
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
    keys, along, value = _columns(relation.columns)
    kinds = [str(kind) for kind in relation.types]
    if not (is_text(kinds[along]) or (is_time if calendar else is_number)(kinds[along])):
        raise DataError(
            f"the history's '{relation.columns[along]}' is {kinds[along]}, which does not go with"
            f" the forecast's {'dates' if calendar else 'numbers'}"
        )
    if not is_number(kinds[value]):
        raise DataError(
            f"the history's '{relation.columns[value]}' is {kinds[value]}, not a number"
        )
    ids = {name for name, _ in panels}
    if not keys and len(ids) > 1:
        raise DataError(
            "the history has no column series_id (or item_id, user_id), and the forecast has"
            f" several series; it has: {listed(relation.columns)}"
        )
    if ids == {None}:
        # A forecast of all rows as one series has a history of all rows.
        keys = ()
    wanted = {(name,) if keys else () for name in ids}
    past = Series(lambda key: key in wanted)
    spans = [_span(panel.x, times) for _, panel in panels]
    first, last = min(low for low, _ in spans), max(high for _, high in spans)
    columns = [*map(text, keys), place(along, kinds[along]), number(value)]
    rows = projected(relation, columns)
    at = f"c{len(keys)}"
    low = f"{at} >= {first!r}" if math.isfinite(first) else f"{at} IS NOT NULL"
    past.read(rows.filter(f"{low} AND {at} <= {last!r}"), len(keys))
    found = past.arrays()
    total = relation.columns[value].lower() in TOTALLED
    return [
        _joined(panel, found.get((name,) if keys else ()), times, calendar=calendar, total=total)
        for name, panel in panels
    ]


def _joined(
    panel: Panel,
    rows: Rows | None,
    times: float,
    *,
    calendar: bool,
    total: bool,
) -> Panel:
    """Return a panel with its past, in its rhythm."""
    if rows is None:
        return panel
    low, high = _span(panel.x, times)
    rows = rows[:, (rows[0] >= low) & (rows[0] <= high) & np.isfinite(rows[1])]
    if calendar:
        check_calendar(rows[0], "the history's ts")
    x, values = in_rhythm(rows[0], rows[1], panel.x, calendar=calendar, total=total)
    steps = math.ceil(times * len(panel.x)) if len(panel.x) > 1 else FEWEST
    since = max(int(np.searchsorted(x, panel.x[0])) - steps, 0)
    return replace(panel, past=(x[since:], values[since:]))


def _span(ahead: Numbers, times: float) -> tuple[float, float]:
    """Return from where to where the past of a forecast is read: a little more than is shown."""
    if len(ahead) < 2:
        return -math.inf, float(ahead[-1])
    step = (ahead[-1] - ahead[0]) / (len(ahead) - 1)
    return float(ahead[0] - (times * len(ahead) * 1.05 + 2) * step), float(ahead[-1])


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


def _columns(names: Sequence[str]) -> tuple[tuple[int, ...], int, int]:
    """Return where the series (or none), the times and the values are."""
    there = {name.lower(): i for i, name in reversed(list(enumerate(names)))}
    series = [there[name] for name in SERIES if name in there][:1]
    values = [there[name] for name in VALUES if name in there]
    if "ts" not in there or not values:
        raise DataError(
            "the history needs columns series_id, ts and value (or item_id, ts, and price or"
            f" quantity): name them in a SELECT; it has: {listed(names)}"
        )
    return tuple(series), there["ts"], values[0]
