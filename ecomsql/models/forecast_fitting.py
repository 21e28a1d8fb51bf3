"""Trains a forecaster: chooses methods by a backtest, and lets those learn that learn from all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, cast

import numpy as np

from ecomsql.models import forecasters
from ecomsql.models.combined_forecast import COMBINED_KNOWING
from ecomsql.models.forecast_errors import forecast_errors
from ecomsql.models.forecast_model import ForecastModel
from ecomsql.models.forecaster import Forecast
from ecomsql.models.global_forecaster import GlobalForecaster
from ecomsql.models.known_ahead import Known
from ecomsql.models.series_batch import Matrix, SeriesBatch
from ecomsql.models.series_ends import known_of, windows_of
from ecomsql.progress import track

CANDIDATES = ("theta", "ets", "sarima", "lightgbm")
"""Methods of which 'auto' keeps those whose median was best; of demand, tsb besides."""
ENOUGH = 1_000
"""Series whose last steps are held back, at most."""
FEWEST = 8
"""Values before what is held back, at least."""


def fit_forecaster(
    method: str,
    batch: SeriesBatch,
    horizon: int,
    *,
    seed: int,
    season: int | None,
    frequency: str | None,
    is_demand: bool,
    known: Known | None = None,
    covariates: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
) -> ForecastModel:
    """Train a forecaster.

    The last `horizon` steps of up to 1,000 series are forecast from what was before, for the
    figures of the model; 'auto' keeps the methods whose median has the least mean absolute scaled
    error there.

    Parameters
    ----------
    method : str
        Of :func:`~ecomsql.models.forecasting.methods`.
    batch : SeriesBatch
    horizon : int
        Steps to look ahead.
    season, frequency, is_demand, covariates
        See :class:`ForecastModel`.
    known : Known, optional
        What stands beside the values; only its past is learned from.
    options : mapping, optional
        Of the method, by name.
    """
    names = _candidates(method, knowing=known is not None, is_demand=is_demand)
    past = known and Known(known.past, np.full((len(batch), horizon, known.columns), np.nan))
    ends = _held_back(batch, horizon)
    members, metrics = tuple(names[:1]), dict[str, Any]()
    if ends:
        before, truth = windows_of(batch, ends, horizon)
        beside = known and known_of(known, ends, horizon, before.values.shape[1])
        told = {
            name: forecasters.method(name).forecast(
                before, horizon, seed=seed, **_given(beside), **(options or {})
            )
            for name in track(names, "train_forecaster")
        }
        members, metrics = _chosen(told, before, truth)
    elif len(names) > 1:
        members = tuple(name for name in names if not forecasters.method(name).is_global)
    learned = {
        name: cast(type[GlobalForecaster], forecasters.method(name)).train(
            batch, horizon, seed=seed, **_given(past), **(options or {})
        )
        for name in members
        if forecasters.method(name).is_global
    }
    return ForecastModel(
        method, members, learned, season, frequency, is_demand, tuple(covariates), metrics
    )


def _given(known: Known | None) -> dict[str, Known]:
    return {} if known is None else {"known": known}


def _candidates(method: str, *, knowing: bool, is_demand: bool) -> list[str]:
    if method != "auto":
        return [method]
    if knowing:
        return list(COMBINED_KNOWING)
    return [*CANDIDATES, "tsb"] if is_demand else list(CANDIDATES)


def _held_back(batch: SeriesBatch, horizon: int) -> list[tuple[int, int]]:
    rows = np.flatnonzero(batch.lengths >= horizon + FEWEST)
    return [(row, 0) for row in rows[:: max(1, len(rows) // ENOUGH)].tolist()]


def _chosen(
    told: Mapping[str, Forecast], before: SeriesBatch, truth: Matrix
) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Return the methods whose median is best, and the figures of each and of it."""

    def figures(names: Sequence[str]) -> dict[str, float | None]:
        mean = np.median([told[name].mean for name in names], axis=0)
        errors = forecast_errors(before, truth, mean)
        return {
            name: float(np.nanmean(value)) if np.isfinite(value).any() else None
            for name, value in errors.items()
        }

    best, least = tuple(told), np.inf
    sets = [some for count in range(1, len(told) + 1) for some in combinations(told, count)]
    for some in sets:
        found = figures(some)
        error = found["mase"] if found["mase"] is not None else found["mae"]
        # Of sets that are alike the larger one: it depends less on what these steps happen to be.
        if error is not None and error <= least * (1.0 + 1e-3):
            best, least = some, min(error, least)
    by_method = {name: figures([name]) for name in told}
    return best, {
        "members": list(best),
        "validation": figures(best),
        "methods": by_method,
        "series": len(before),
    }
