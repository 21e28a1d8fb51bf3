"""Exponential smoothing: level, trend and season that follow what comes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsql.models.deseasonalised import LONG, Deseasonalised
from ecomsql.models.ets_ahead import ets_ahead
from ecomsql.models.ets_fit import fit_ets
from ecomsql.models.ets_point import steepest_trend
from ecomsql.models.fallback import instead, last_value
from ecomsql.models.forecaster import Forecast, Forecaster
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import SeriesBatch

FEWEST = 5
"""Values that it takes: a criterion for two parameters and a variance needs one more than four."""


class Model(Forecaster):
    """The exponential smoothing model with the least AICc for each series.

    Errors and seasons that add or multiply, no trend, a trend, or one that fades (Hyndman, Koehler,
    Snyder, Grose: A state space framework for automatic forecasting using exponential smoothing
    methods, 2002), by maximum likelihood over smoothing parameters and first states. Series that
    are constant, or shorter than 5, are answered by their last value. A season of more than 24
    steps is not smoothed but taken off before and put back after: it has too many first states.
    """

    method = "ets"
    cells = 1_000_000
    most = 4_000

    @classmethod
    def _forecast(cls, batch: SeriesBatch, horizon: int, *, seed: int, **options: Any) -> Forecast:
        if batch.season[0] <= LONG:
            return _fitted(batch, horizon, steepest_trend(int(batch.season[0])))
        flat = Deseasonalised.of(batch)
        return flat.again(_fitted(flat.batch, horizon, steepest_trend(1)))


def _fitted(batch: SeriesBatch, horizon: int, steepest: float) -> Forecast:
    """Fit what can be fitted; what is constant, or too short, stays."""
    moves = np.nanmax(batch.values, axis=1) > np.nanmin(batch.values, axis=1)
    short = batch.lengths < FEWEST
    rows = np.flatnonzero(moves & ~short)
    found = instead(batch, last_value(batch, horizon), ~moves, label="ets(A,N,N)", status="ok")
    found = instead(batch, found, short)
    if not len(rows):
        return found
    series = Ragged.from_batch(batch.take(rows))
    fit = fit_ets(series, int(batch.season[0]), steepest)
    mean, sd, fitted = ets_ahead(series, fit, horizon, steepest)
    assert found.fitted is not None
    found.mean[rows], found.sd[rows] = mean.T, sd.T
    found.fitted[rows, -len(fitted) :] = series.aligned(fitted)
    for row, spec in zip(rows.tolist(), fit.specs, strict=True):
        found.label[row] = spec.label
    return found
