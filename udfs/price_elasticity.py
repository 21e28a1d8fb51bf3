"""Estimates the price elasticities of the items that SQL has listed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ecomsql import options
from ecomsql.cache import CACHE, content_key
from ecomsql.udf import udf

from ._calls import named
from ._priced import Priced, check_season, struct_list

if TYPE_CHECKING:
    from ecomsql.models.elasticities import Elasticities

FIELDS = [
    ("elasticity", "DOUBLE", pa.float64()),
    ("std_error", "DOUBLE", pa.float64()),
    ("lower", "DOUBLE", pa.float64()),
    ("upper", "DOUBLE", pa.float64()),
    ("r2", "DOUBLE", pa.float64()),
    ("n", "BIGINT", pa.int64()),
    ("status", "VARCHAR", pa.string()),
]
RETURNS = f"STRUCT({', '.join(f'{name} {sql}' for name, sql, _ in FIELDS)})[]"
METHODS = ("loglog", "poisson")


@udf("_price_elasticities", None, RETURNS, by_row=True)
def price_elasticities(document: pa.Array, *columns: pa.Array) -> pa.Array:
    """Return what is told of each item, in their order."""
    given: dict[str, Any] = json.loads(document[0].as_py())
    # What overflows (prices of 1e300) comes out as no number, and is told as NULL.
    with named("price_elasticity"), np.errstate(all="ignore"):
        told = Priced.of(columns)
        asked = _checked(given, told)
        found = _found(told, asked) if told.facts["items"] else None
    return struct_list(found, FIELDS)


def _checked(given: Mapping[str, Any], told: Priced) -> dict[str, Any]:
    """Return the options, or raise for what is wrong with them or with the data."""
    asked = {
        "method": options.choice("method", given["method"], METHODS),
        "shrink": options.flag("shrink", given["shrink"]),
        "robust": options.flag("robust", given["robust"]),
        "season": options.flag("season", given["season"]),
        "level": options.number("level", given["level"], low=0.01, high=0.999),
    }
    found = told.checked()
    if asked["season"]:
        check_season(told, found["time_col"])
    return asked


def _found(told: Priced, asked: Mapping[str, Any]) -> Elasticities:
    """Estimate, unless the same was estimated before and is still in the cache."""
    from ecomsql.models.elasticities import elasticities

    own = {name: value for name, value in asked.items() if name != "season"}
    rows = told.rows(season=asked["season"])
    key = "elasticity:" + content_key(rows.arrays, own)
    return CACHE.get_or_make(key, partial(elasticities, rows, **own))
