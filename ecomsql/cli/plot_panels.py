"""The picture that a query's result is for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import numpy as np

from ecomsql.cli import script
from ecomsql.cli.messages import note
from ecomsql.cli.plot_data import Key, Rows, Series, check_calendar, number, place, projected, text
from ecomsql.cli.plot_history import with_history
from ecomsql.cli.plot_roles import Roles, roles_in
from ecomsql.errors import DataError, did_you_mean
from ecomsql.plots.panels import Panel, Picture
from ecomsql.plots.recognised import FORECAST, LINES, Recognised, recognised
from ecomsql.plots.titles import title_of


@dataclass(frozen=True)
class Choice:
    """Which series are drawn.

    Parameters
    ----------
    series : tuple of str
        Ids, in the order of the panels; empty: the first that come up.
    most : int
        Panels at most.
    """

    series: tuple[str, ...]
    most: int


def picture_of(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    choice: Choice,
    *,
    history: str | None,
    past: float,
    title: str,
) -> tuple[Picture, int]:
    """Run SQL, and return the picture of its last result, and how many series are not on it.

    Raises
    ------
    DataError
        There is no result, nothing in it to draw, or no series of a name that was asked for.
    """
    *_, relation = [None, *script.results(con, sql)]
    if relation is None:
        raise DataError("the SQL has no result to draw")
    names, kinds = relation.columns, [str(kind) for kind in relation.types]
    what = recognised(names, kinds)
    if history is not None and what.kind != FORECAST:
        raise DataError(
            f"--history goes before a forecast, and the result is not one but {what.kind}"
        )
    found, left_out = _read(relation, what, kinds, choice)
    if what.calendar:
        for rows in found.values():
            check_calendar(rows[0], names[what.x])
    panels = {key: _panel(key, rows, what) for key, rows in found.items()}
    if history is None:
        drawn = list(panels.values())
    else:
        roles = roles_in(sql)
        drawn = _with_history(con, panels, history, roles, past, calendar=what.calendar)
    along = "" if what.calendar or what.kind != LINES else names[what.x]
    return Picture(what.kind, drawn, what.calendar, title, along), left_out


def _read(
    relation: duckdb.DuckDBPyRelation, what: Recognised, kinds: list[str], choice: Choice
) -> tuple[dict[Key, Rows], int]:
    """Return the rows of the series that are drawn, and how many series are not."""
    wanted = set(choice.series)
    if wanted and not what.keys:
        raise DataError("the result has no column that tells series apart, so --series finds none")
    series = Series(lambda key: key[0] in wanted if wanted else len(series.places) < choice.most)
    columns = [*map(text, what.keys), place(what.x, kinds[what.x])]
    series.read(projected(relation, [*columns, *map(number, what.values.values())]), len(what.keys))
    arrays = {key: rows for key, rows in series.arrays().items() if rows.shape[1]}
    if wanted:
        _check_named(choice.series, [*series.places, *series.left_out])
    if not any(np.isfinite(rows[1:]).any() for rows in arrays.values()):
        raise DataError(_nothing(relation.columns[what.x], series, arrays))
    if not wanted:
        return arrays, len(series.left_out)
    order = {name: at for at, name in reversed(list(enumerate(choice.series)))}
    chosen = sorted(arrays, key=lambda key: order[key[0] or ""])[: choice.most]
    return {key: arrays[key] for key in chosen}, len(arrays) - len(chosen)


def _panel(key: Key, rows: Rows, what: Recognised) -> Panel:
    name = title_of(key, null="NULL" if what.kind == LINES else "all rows") if key else ""
    return Panel(name, rows[0], dict(zip(what.values, rows[1:], strict=True)))


def _with_history(
    con: duckdb.DuckDBPyConnection,
    panels: dict[Key, Panel],
    history: str,
    roles: Roles,
    past: float,
    *,
    calendar: bool,
) -> list[Panel]:
    """Return the panels with what was before, and say so where there is nothing."""
    ids = [key[0] if key else None for key in panels]
    forecasts = list(zip(ids, panels.values(), strict=True))
    drawn = with_history(forecasts, con, history, roles=roles, times=past, calendar=calendar)
    without = sum(panel.past is None or not len(panel.past[0]) for panel in drawn)
    if without and past:
        note(f"--history has nothing shortly before {without} of {len(drawn)} forecasts")
    return drawn


def _check_named(named: Iterable[str], keys: Iterable[Key]) -> None:
    """Raise DataError for the id of a series that is not there."""
    there = dict.fromkeys(key[0] for key in keys if key[0] is not None)
    for name in named:
        if name not in there:
            raise DataError(f"the result has no series '{name}'{did_you_mean(name, there)}")


def _nothing(x: str, series: Series, arrays: dict[Key, Rows]) -> str:
    """Return why there is nothing to draw."""
    if arrays:
        return "the result has no values to draw: they are all NULL or infinite"
    if series.places:
        return f"'{x}' of the result cannot be drawn along: it has neither times nor numbers"
    return "the result has no rows to draw"
