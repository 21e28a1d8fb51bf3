"""Forecasts series that SQL has put on a grid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ecomsql import options
from ecomsql.cache import CACHE
from ecomsql.errors import OptionError
from ecomsql.udf import udf

from ._calls import NOTHING, named
from ._on_grid import TAKES, OnGrid, check_series

if TYPE_CHECKING:
    from ecomsql.models.forecasting import Outlook

FIELDS = [
    ("series", "INTEGER", pa.int32()),
    ("step", "BIGINT", pa.int64()),
    ("forecast", "DOUBLE", pa.float64()),
    ("lower", "DOUBLE", pa.float64()),
    ("upper", "DOUBLE", pa.float64()),
    ("method", "VARCHAR", pa.string()),
    ("status", "VARCHAR", pa.string()),
]
RETURNS = f"STRUCT({', '.join(f'{name} {sql}' for name, sql, _ in FIELDS)})[]"
FARTHEST = 10_000
"""Steps ahead, at most."""


@udf("_forecast_series", TAKES, RETURNS)
def forecast_series(
    codes: pa.Array, places: pa.Array, values: pa.Array, seasons: pa.Array, document: pa.Array
) -> pa.Array:
    """Return the forecasts of the series of the single row, by series and step."""
    wanted: dict[str, Any] = json.loads(document[0].as_py())
    with named(wanted["options"]["function"]):
        asked = _checked(wanted)
        series = OnGrid.of(codes, places, values, seasons)
        return _listed(_outlook(series, asked, total=wanted["total"]) if len(series) else None)


def _checked(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options, or raise for what is wrong with them or with the data."""
    from ecomsql.models.forecasting import check_method

    given = wanted["options"]
    season = check_series(wanted)
    if given["model"] != NOTHING:
        raise OptionError("model is not available yet: leave it out")
    return {
        "horizon": check_horizon(given["horizon"]),
        "method": check_method(given["method"]),
        "level": options.number("level", given["level"], low=0.01, high=0.999),
        "season": season,
        "seed": options.whole("seed", given["seed"], at_least=0),
    }


def check_horizon(given: Any) -> int:
    """Return the horizon; raise OptionError where it is none."""
    horizon = options.whole("horizon", given, at_least=1)
    if horizon > FARTHEST:
        raise OptionError(f"horizon := {horizon} is too far; take {FARTHEST} or less")
    return horizon


def _outlook(series: OnGrid, asked: Mapping[str, Any], *, total: bool) -> Outlook:
    """Forecast, unless the same was forecast before and is still in the cache."""
    from ecomsql.models.forecasting import outlook

    key = series.key("forecast", [asked, total])
    found: Outlook | None = CACHE.get(key)
    if found is None:
        found = outlook(
            series.batch(asked["season"], total=total),
            asked["horizon"],
            method=asked["method"],
            level=asked["level"],
            seed=asked["seed"],
            is_demand=total,
        )
        CACHE.put(key, found)
    return found


def _listed(found: Outlook | None) -> pa.Array:
    kind = pa.struct([(name, arrow) for name, _, arrow in FIELDS])
    if found is None:
        return pa.array([[]], pa.list_(kind))
    n_series, horizon = found.mean.shape
    rows = np.repeat(np.arange(n_series, dtype=np.int32), horizon)
    taken = pa.array(rows)
    columns = [
        taken,
        pa.array(np.tile(np.arange(1, horizon + 1, dtype=np.int64), n_series)),
        *(pa.array(one.ravel()) for one in (found.mean, found.lower, found.upper)),
        pa.array(found.label, pa.string()).take(taken),
        pa.array(found.status, pa.string()).take(taken),
    ]
    structs = pa.StructArray.from_arrays(columns, fields=list(kind))
    return pa.ListArray.from_arrays(pa.array([0, len(structs)], pa.int32()), structs)
