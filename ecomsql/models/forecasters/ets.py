"""Exponential smoothing: level, trend and season that follow what comes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsql.models.ets_ahead import ets_mean, ets_variance
from ecomsql.models.ets_filter import forward
from ecomsql.models.ets_fit import EtsFit, fit_ets
from ecomsql.models.ets_point import lanes_of, steepest
from ecomsql.models.forecaster import Forecast, Forecaster
from ecomsql.models.forecasters import naive
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Longs, SeriesBatch

FEWEST = 5
"""Values that it takes: a criterion for two parameters and a variance needs one more than four."""


class Model(Forecaster):
    """The exponential smoothing model with the least AICc for each series.

    Errors and seasons that add or multiply, no trend, a trend, or one that fades (Hyndman, Koehler,
    Snyder, Grose: A state space framework for automatic forecasting using exponential smoothing
    methods, 2002), by maximum likelihood over smoothing parameters and first states. Series that
    are constant, or shorter than 5, are answered by their last value.
    """

    method = "ets"
    cells = 1_000_000

    @classmethod
    def _forecast(
        cls, batch: SeriesBatch, horizon: int, *, seed: int, **options: Any
    ) -> Forecast:
        simple = naive.Model._forecast(batch, horizon, seed=seed)
        label, status = ["ets(A,N,N)"] * len(batch), ["ok"] * len(batch)
        mean, sd = simple.mean, simple.sd
        assert simple.fitted is not None
        moves = np.nanmax(batch.values, axis=1) > np.nanmin(batch.values, axis=1)
        rows = np.flatnonzero(moves & (batch.lengths >= FEWEST))
        for row in np.flatnonzero(batch.lengths < FEWEST).tolist():
            label[row], status[row] = "naive", "too few values"
        if len(rows):
            series = Ragged.from_batch(batch.take(rows))
            fit = fit_ets(series, int(batch.season[0]))
            for kind in sorted({(one.error, one.season) for one in fit.specs}):
                some = np.array([(one.error, one.season) == kind for one in fit.specs])
                at = np.flatnonzero(some)
                found = _ahead(series, fit, at, horizon, kind, int(batch.season[0]))
                mean[rows[at]], sd[rows[at]] = found.mean, found.sd
                assert found.fitted is not None
                simple.fitted[rows[at], -found.fitted.shape[1] :] = found.fitted
            for row, spec in zip(rows.tolist(), fit.specs, strict=True):
                label[row] = spec.label
        return Forecast(mean, sd, label, status, simple.fitted)


def _ahead(
    series: Ragged, fit: EtsFit, at: Longs, horizon: int, kind: tuple[str, str], period: int
) -> Forecast:
    """Run the fitted models of one kind once more, and on."""
    error, season = kind
    some = series.take(at)
    trends = np.array([fit.specs[row].trend for row in at.tolist()], dtype=object)
    lanes = lanes_of(fit.points[at], trends, steepest(period), season=season != "N")
    path = forward(some, lanes, season)
    fitted = some.values - path.errors
    there = np.arange(len(fitted))[:, None] < some.lengths
    errors = np.where(there, path.errors / (fitted if error == "M" else 1.0), 0.0)
    used = np.array([fit.specs[row].parameters(len(lanes.season)) - 1 for row in at.tolist()])
    variance = (errors**2).sum(axis=0) / np.maximum(some.lengths - used, 1)
    mean, base = ets_mean(path.last, some.lengths, horizon, season)
    spread = np.sqrt(ets_variance(path.last, some.lengths, mean, base, variance, kind))
    label = [fit.specs[row].label for row in at.tolist()]
    return Forecast(mean.T, spread.T, label, ["ok"] * len(at), some.aligned(fitted))
