"""Forecasts series that SQL has put on a grid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ecomsql import options
from ecomsql.cache import CACHE, content_key
from ecomsql.errors import ModelError, OptionError
from ecomsql.udf import udf

from ._calls import NOTHING, named, stored_model
from ._known_ahead import TAKES as BESIDE
from ._known_ahead import check_covariates, known_ahead
from ._on_grid import GRID, OnGrid, check_series

if TYPE_CHECKING:
    from ecomsql.models.forecast_model import ForecastModel
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
LACKING = "no covariates ahead"
"""Status of a series that has ended before others, for which the future has none."""


@udf("_forecast_series", (GRID, BESIDE, "BLOB", "BIGINT", "VARCHAR"), RETURNS, by_row=True)
def forecast_series(
    grid: pa.StructArray,
    beside: pa.StructArray,
    blob: pa.Array,
    blobs: pa.Array,
    document: pa.Array,
) -> pa.Array:
    """Return the forecasts of the series of the single row, by series and step."""
    wanted: dict[str, Any] = json.loads(document[0].as_py())
    with named(wanted["options"]["function"]):
        model = _stored(blob[0], blobs[0].as_py(), wanted["options"]["model"])
        asked = _checked(wanted, beside, model and model[1])
        series = OnGrid.of(grid)
        if not len(series):
            return _listed(None)
        return _listed(_outlook(series, beside, wanted, asked, model))


def _stored(blob: pa.Scalar, rows: int, relation: str) -> tuple[str, ForecastModel] | None:
    """Return the digest and the model of a blob; None where no model was asked for."""
    from ecomsql.models.forecast_model import TASK, ForecastModel
    from ecomsql.storage import from_blob

    if relation == NOTHING:
        return None
    return stored_model(
        "forecast",
        blob,
        rows,
        given=f"model := '{relation}'",
        made_by="train_forecaster(...)",
        restore=lambda content: ForecastModel.restored(from_blob(content, tasks=(TASK,))),
    )


def _checked(
    wanted: Mapping[str, Any], beside: pa.StructArray, model: ForecastModel | None
) -> dict[str, Any]:
    """Return the options, or raise for what is wrong with them or with the data."""
    from ecomsql.models.forecasting import check_method

    given = wanted["options"]
    season = check_series(wanted)
    covariates = check_covariates(wanted, beside)
    if model is not None:
        _check_model(model, covariates, wanted)
        season = season if season is not None else model.season
    return {
        "horizon": check_horizon(given["horizon"]),
        "method": check_method(given["method"], knowing=bool(covariates) and model is None),
        "level": options.number("level", given["level"], low=0.01, high=0.999),
        "season": season,
        "covariates": covariates,
        "seed": options.whole("seed", given["seed"], at_least=0),
    }


def _check_model(model: ForecastModel, covariates: list[str], wanted: Mapping[str, Any]) -> None:
    """Raise for what a model was not trained for."""
    if model.is_demand != wanted["total"]:
        was, needs = ("totals", "false") if model.is_demand else ("means", "true")
        raise ModelError(
            f"the model was trained on {was} of each step; train it with total := {needs}"
        )
    if set(covariates) != set(model.covariates):
        names = ", ".join(f"'{one}'" for one in model.covariates)
        raise ModelError(
            f"the model was trained with covariates := [{names}]; give the same"
            if names
            else "the model was trained without covariates; leave them out"
        )
    if wanted["frequency"] != model.frequency:
        was = f"frequency := '{model.frequency}'" if model.frequency else "no frequency"
        raise ModelError(f"the model was trained with {was}; give the same")


def check_horizon(given: Any) -> int:
    """Return the horizon; raise OptionError where it is none."""
    horizon = options.whole("horizon", given, at_least=1)
    if horizon > FARTHEST:
        raise OptionError(f"horizon := {horizon} is too far; take {FARTHEST} or less")
    return horizon


def _outlook(
    series: OnGrid,
    beside: pa.Array,
    wanted: Mapping[str, Any],
    asked: Mapping[str, Any],
    model: tuple[str, ForecastModel] | None,
) -> Outlook:
    """Forecast, unless the same was forecast before and is still in the cache."""
    from ecomsql.models.forecasting import outlook

    total = wanted["total"]
    batch = series.batch(asked["season"], total=total)
    covariates = list(model[1].covariates) if model is not None else asked["covariates"]
    known = known_ahead(beside, batch, asked["horizon"], wanted, covariates)
    numbers = [] if known is None else [known.past.ravel(), known.ahead.ravel()]
    key = series.key("forecast", [asked, total, model and model[0], content_key(numbers, [])])

    def forecast() -> Outlook:
        found = outlook(
            batch,
            asked["horizon"],
            method=asked["method"],
            level=asked["level"],
            seed=asked["seed"],
            is_demand=total,
            known=known,
            model=model and model[1],
        )
        return found if known is None else _told_what_lacks(found, known.ahead)

    return CACHE.get_or_make(key, forecast)


def _told_what_lacks(found: Outlook, ahead: np.ndarray) -> Outlook:
    """Say of which series the steps ahead have no covariates."""
    lacks = ~np.isfinite(ahead).all(axis=(1, 2))
    status = [LACKING if lack else one for lack, one in zip(lacks, found.status, strict=True)]
    return replace(found, status=status)


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
