"""Takes series apart that SQL has put on a grid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ecomsql import options
from ecomsql.cache import CACHE
from ecomsql.errors import OptionError
from ecomsql.udf import udf

from ._calls import named
from ._on_grid import GRID, OnGrid, check_series
from ._steps import nothing_listed, returns, steps_listed

if TYPE_CHECKING:
    from ecomsql.models.decomposition import Decomposition
    from ecomsql.models.series_batch import SeriesBatch

FIELDS = dict.fromkeys(("value", "trend", "seasonal", "remainder"), "DOUBLE")
WIDEST = 1_001
"""Values of a window, at most."""


@udf("_decompose_series", (GRID, "VARCHAR"), returns(FIELDS), by_row=True)
def decompose_series(grid: pa.StructArray, document: pa.Array) -> pa.Array:
    """Return the parts of the series of the single row, by series and step."""
    wanted: dict[str, Any] = json.loads(document[0].as_py())
    with named("decompose_series"):
        asked = _checked(wanted)
        series = OnGrid.of(grid)
    if not len(series):
        return nothing_listed(FIELDS)
    batch = series.batch(asked["season"], total=asked["total"])
    known = series.known(total=asked["total"])
    key = series.key("decomposition", asked)
    parts = _parts(batch, known, asked, key)
    with np.errstate(over="ignore"):
        remainder = batch.values - parts.trend - parts.seasonal
    given = [np.where(known == 0.0, np.nan, one) for one in (batch.values, remainder)]
    columns = [given[0], parts.trend, parts.seasonal, given[1]]
    return steps_listed(FIELDS, batch.lengths, columns)


def _checked(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options, or raise for what is wrong with them or with the data."""
    season, given = check_series(wanted), wanted["options"]
    trend = given["trend_window"]
    return {
        "season": season,
        "total": options.flag("total", given["total"]),
        "robust": options.flag("robust", given["robust"]),
        "season_window": _window("season_window", given["season_window"], 7),
        "trend_window": None if trend is None else _window("trend_window", trend, 3),
    }


def _window(name: str, given: Any, at_least: int) -> int:
    width = options.whole(name, given, at_least=at_least)
    if width % 2 == 0 or width > WIDEST:
        raise OptionError(f"{name} := {width} is no odd number from {at_least} to {WIDEST}")
    return width


def _parts(
    batch: SeriesBatch, known: np.ndarray, asked: Mapping[str, Any], key: str
) -> Decomposition:
    """Decompose, unless the same was decomposed before and is still in the cache."""
    from ecomsql.models.decomposition import decompose
    from ecomsql.models.stl import Windows

    windows = Windows(asked["season_window"], asked["trend_window"])
    find = partial(decompose, batch, known=known, windows=windows, robust=asked["robust"])
    return CACHE.get_or_make(key, find)
