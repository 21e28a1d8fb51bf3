"""Finds values that do not belong, in series that SQL has put on a grid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ecomsql import options
from ecomsql.cache import CACHE
from ecomsql.udf import udf

from ._calls import named
from ._on_grid import GRID, OnGrid, check_series
from ._steps import nothing_listed, returns, steps_listed

if TYPE_CHECKING:
    from ecomsql.models.anomalies import Anomalies
    from ecomsql.models.series_batch import SeriesBatch

FIELDS = {
    **dict.fromkeys(("value", "expected", "lower", "upper", "score"), "DOUBLE"),
    "is_anomaly": "BOOLEAN",
}


@udf("_detect_anomalies", (GRID, "VARCHAR"), returns(FIELDS), by_row=True)
def detect_anomalies(grid: pa.StructArray, document: pa.Array) -> pa.Array:
    """Return what was expected of the series of the single row, by series and step."""
    wanted: dict[str, Any] = json.loads(document[0].as_py())
    with named("detect_anomalies"):
        asked = _checked(wanted)
        series = OnGrid.of(grid)
    if not len(series):
        return nothing_listed(FIELDS)
    batch = series.batch(asked["season"], total=asked["total"])
    known = series.known(total=asked["total"])
    found = _anomalies(batch, known, asked, series.key("anomalies", asked))
    value = np.where(known == 0.0, np.nan, batch.values)
    told = [value, found.expected, found.lower, found.upper, found.score, found.flagged]
    return steps_listed(FIELDS, batch.lengths, told)


def _checked(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options, or raise for what is wrong with them or with the data."""
    from ecomsql.models.anomalies import check_method

    season, given = check_series(wanted), wanted["options"]
    return {
        "season": season,
        "total": options.flag("total", given["total"]),
        "method": check_method(given["method"]),
        "level": options.number("level", given["level"], low=0.5, high=0.999999),
        "seed": options.whole("seed", given["seed"], at_least=0),
    }


def _anomalies(
    batch: SeriesBatch, known: np.ndarray, asked: Mapping[str, Any], key: str
) -> Anomalies:
    """Look for them, unless the same was looked for before and is still in the cache."""
    from ecomsql.models.anomalies import find_anomalies

    find = partial(
        find_anomalies,
        batch,
        known=known,
        is_demand=asked["total"],
        method=asked["method"],
        level=asked["level"],
        seed=asked["seed"],
    )
    return CACHE.get_or_make(key, find)
