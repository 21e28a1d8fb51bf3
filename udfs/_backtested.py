"""Measures forecasting methods on series that SQL has put on a grid."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ecomsql import options
from ecomsql.cache import CACHE, content_key
from ecomsql.errors import DataError, OptionError
from ecomsql.udf import udf

from ._calls import named
from ._forecast_series import check_horizon
from ._known_ahead import TAKES as BESIDE
from ._known_ahead import check_covariates, known_ahead
from ._on_grid import GRID, OnGrid, check_series

if TYPE_CHECKING:
    from ecomsql.models.backtest import Backtest

FIELDS = [
    ("series", "INTEGER", pa.int32()),
    ("method", "VARCHAR", pa.string()),
    ("fold", "INTEGER", pa.int32()),
    ("metric", "VARCHAR", pa.string()),
    ("value", "DOUBLE", pa.float64()),
]
RETURNS = f"STRUCT({', '.join(f'{name} {sql}' for name, sql, _ in FIELDS)})[]"
MOST = 1_000
"""Windows, at most."""


class Backtests(list["Backtest"]):
    """Figures that the cache can keep."""

    @property
    def nbytes(self) -> int:
        """Memory that they take, in bytes."""
        return sum(one.nbytes for one in self)


@udf("_backtested", (GRID, BESIDE, "VARCHAR"), RETURNS, by_row=True)
def backtested(
    grid: pa.StructArray,
    beside: pa.StructArray,
    document: pa.Array,
) -> pa.Array:
    """Return the figures of each method in each window of the series of the single row."""
    wanted: dict[str, Any] = json.loads(document[0].as_py())
    with named("backtest_forecast"):
        asked = _checked(wanted, beside)
        series = OnGrid.of(grid)
        return _listed(_figures(series, beside, wanted, asked) if len(series) else [])


def _checked(wanted: Mapping[str, Any], beside: pa.StructArray) -> dict[str, Any]:
    from ecomsql.models.forecasting import check_method

    given = wanted["options"]
    season = check_series(wanted)
    covariates = check_covariates(wanted, beside)
    windows = options.whole("windows", given["windows"], at_least=1)
    if windows > MOST:
        raise OptionError(f"windows := {windows} is too many; take {MOST} or fewer")
    methods = given["methods"]
    if not isinstance(methods, list) or not methods:
        raise OptionError("methods is a list of methods, like ['naive', 'theta']")
    names = [check_method(one, name="methods") for one in methods]
    return {
        "methods": list(dict.fromkeys(names)),
        "horizon": check_horizon(given["horizon"]),
        "windows": windows,
        "level": options.number("level", given["level"], low=0.01, high=0.999),
        "season": season,
        "covariates": covariates,
        "seed": options.whole("seed", given["seed"], at_least=0),
        "total": options.flag("total", wanted["total"]),
    }


def _figures(
    series: OnGrid, beside: pa.Array, wanted: Mapping[str, Any], asked: Mapping[str, Any]
) -> Backtests:
    from ecomsql.models.backtest import backtest

    batch = series.batch(asked["season"], total=asked["total"])
    _check_long_enough(int(batch.lengths.max()), asked["horizon"])
    # Of the steps to come nothing is asked, but there has to be one.
    known = known_ahead(beside, batch, 1, wanted, asked["covariates"])
    numbers = [] if known is None else [known.past.ravel()]
    key = series.key("backtest", [asked, content_key(numbers, [])])

    def measure() -> Backtests:
        return Backtests(
            backtest(
                asked["methods"],
                batch,
                asked["horizon"],
                asked["windows"],
                level=asked["level"],
                seed=asked["seed"],
                is_demand=asked["total"],
                known=known,
            )
        )

    return CACHE.get_or_make(key, measure)


def _check_long_enough(longest: int, horizon: int) -> None:
    """Raise where no series has a window."""
    from ecomsql.models.backtest import FEWEST

    if longest < horizon + FEWEST:
        raise DataError(
            f"horizon := {horizon} is too long for every series: a window of {horizon} steps needs "
            f"{horizon + FEWEST}, and the longest series has {longest}"
        )


def _listed(found: Sequence[Backtest]) -> pa.Array:
    kind = pa.struct([(name, arrow) for name, _, arrow in FIELDS])
    parts = []
    for one in found:
        for metric, told in one.errors.items():
            n = len(one.rows)
            columns = [
                pa.array(one.rows.astype(np.int32)),
                pa.repeat(one.method, n),
                pa.array(np.full(n, one.fold, dtype=np.int32)),
                pa.repeat(metric, n),
                pa.array(told, mask=~np.isfinite(told)),
            ]
            parts.append(pa.StructArray.from_arrays(columns, fields=list(kind)))
    structs = pa.concat_arrays(parts) if parts else pa.array([], kind)
    return pa.ListArray.from_arrays(pa.array([0, len(structs)], pa.int32()), structs)
