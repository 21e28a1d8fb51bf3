"""Forecasts series that SQL has put on a grid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ecomsql import options, roles
from ecomsql.cache import CACHE, content_key
from ecomsql.errors import DataError, OptionError
from ecomsql.udf import udf

from ._calls import NOTHING, named

if TYPE_CHECKING:
    from ecomsql.models.forecasting import Outlook

TAKES = ("INTEGER[]", "BIGINT[]", "DOUBLE[]", "BIGINT[]", "VARCHAR")
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
FREQUENCIES = ("hour", "day", "week", "month", "quarter", "year")
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
        lists = [one.flatten().to_numpy() for one in (codes, places, values, seasons)]
        found = _outlook(lists, asked, total=wanted["total"]) if len(lists[0]) else None
    return _listed(found)


def _checked(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options, or raise for what is wrong with them or with the data."""
    from ecomsql.models.forecasting import check_method

    given, by_role = wanted["options"], dict(wanted["roles"])
    if by_role["series_col"] is None:
        del by_role["series_col"]
    columns = roles.resolve(wanted["columns"] or [], required=by_role, optional={})
    if given["model"] != NOTHING:
        raise OptionError("model is not available yet: leave it out")
    if wanted["frequency"] is not None:
        options.choice("frequency", wanted["frequency"], FREQUENCIES)
    level = options.number("level", given["level"], low=0.01, high=0.999)
    horizon = options.whole("horizon", given["horizon"], at_least=1)
    if horizon > FARTHEST:
        raise OptionError(f"horizon := {horizon} is too far; take {FARTHEST} or less")
    for name, bad in (("time_col", "bad_times"), ("value_col", "bad_values")):
        if wanted[bad]:
            kind = "times nor whole numbers" if name == "time_col" else "numbers"
            neither = "neither " if name == "time_col" else "no "
            raise DataError(
                f"{name} '{columns[name]}' holds {wanted[bad]} values that are {neither}{kind}"
            )
    season = given["season"]
    return {
        "horizon": horizon,
        "method": check_method(given["method"]),
        "level": level,
        "season": None if season is None else options.whole("season", season, at_least=1),
        "seed": options.whole("seed", given["seed"], at_least=0),
    }


def _outlook(lists: list[np.ndarray], asked: Mapping[str, Any], *, total: bool) -> Outlook:
    """Forecast, unless the same was forecast before and is still in the cache."""
    from ecomsql.features.series_grid import series_on_grid
    from ecomsql.models.forecasting import outlook, season_of
    from ecomsql.models.series_batch import SeriesBatch

    codes, places, values, seasons = lists
    order = np.lexsort((places, codes))
    arrays = [codes[order], places[order], values[order], seasons]
    key = "forecast:" + content_key(arrays, [asked, total])
    found: Outlook | None = CACHE.get(key)
    if found is None:
        series = series_on_grid(codes.astype(np.int64), places, values, total=total)
        batch = SeriesBatch.of(series, season_of(asked["season"], seasons))
        found = outlook(
            batch,
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
