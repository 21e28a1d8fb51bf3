"""Trains a forecaster on series that SQL has put on a grid, and returns its row."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from ecomsql import options
from ecomsql.errors import DataError
from ecomsql.udf import udf

from ._calls import named
from ._forecast_series import check_horizon
from ._known_ahead import TAKES as BESIDE
from ._known_ahead import check_covariates, known_ahead
from ._on_grid import GRID, OnGrid, check_series
from ._training_row import RETURNS, training_row


@udf("_store_forecaster", (GRID, BESIDE, "VARCHAR"), RETURNS, by_row=True)
def store_forecaster(
    grid: pa.StructArray,
    beside: pa.StructArray,
    document: pa.Array,
) -> pa.Array:
    """Return the row of a forecaster of the series of the single row."""
    from ecomsql.models.forecast_fitting import fit_forecaster
    from ecomsql.models.forecasting import check_method

    wanted: dict[str, Any] = json.loads(document[0].as_py())
    given = wanted["options"]
    with named("train_forecaster"):
        season = check_series(wanted)
        total = options.flag("total", wanted["total"])
        covariates = check_covariates(wanted, beside)
        asked = {
            "method": check_method(given["method"], knowing=bool(covariates)),
            "horizon": check_horizon(given["horizon"]),
            "season": season,
            "frequency": wanted["frequency"],
            "seed": options.whole("seed", given["seed"], at_least=0),
        }
        series = OnGrid.of(grid)
        if not len(series):
            raise DataError(
                "there is nothing to train on: no row with a series, a time and a value"
            )
        batch = series.batch(season, total=total)
        known = known_ahead(beside, batch, asked["horizon"], wanted, covariates)
        model = fit_forecaster(
            asked["method"],
            batch,
            asked["horizon"],
            seed=asked["seed"],
            season=season,
            frequency=asked["frequency"],
            is_demand=total,
            known=known,
            covariates=covariates,
        )
    told = {**asked, "total": total, "covariates": covariates, **wanted["roles"]}
    return training_row(
        model.stored(), rows=len(series.values), options=told, metrics=model.metrics
    )
