"""Fitted exponential smoothing models, run over their series once more, and on."""

from __future__ import annotations

import numpy as np

from ecomsql.models.ets_filter import forward
from ecomsql.models.ets_fit import EtsFit
from ecomsql.models.ets_moments import ets_mean, ets_variance
from ecomsql.models.ets_point import lanes_of
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Longs, Matrix


def ets_ahead(
    series: Ragged, fit: EtsFit, horizon: int, steepest: float
) -> tuple[Matrix, Matrix, Matrix]:
    """Return means and standard deviations ahead, and one-step forecasts, all by time.

    Shapes (horizon, n_series) twice, and (longest, n_series).
    """
    mean, sd = np.empty((2, horizon, len(series.lengths)))
    fitted = np.zeros_like(series.values)
    kinds = [(one.error, one.season) for one in fit.specs]
    for kind in sorted(set(kinds)):
        at = np.array([row for row, one in enumerate(kinds) if one == kind])
        mean[:, at], sd[:, at], some = _of_kind(series, fit, at, horizon, steepest)
        fitted[: len(some), at] = some
    return mean, sd, fitted


def _of_kind(
    series: Ragged, fit: EtsFit, at: Longs, horizon: int, steepest: float
) -> tuple[Matrix, Matrix, Matrix]:
    """Return the same of some series, whose models have one kind of error and of season."""
    specs = [fit.specs[row] for row in at.tolist()]
    error, season = specs[0].error, specs[0].season
    some = series.take(at)
    trends = np.array([one.trend for one in specs], dtype=object)
    lanes = lanes_of(fit.points[at], trends, steepest, season=season != "N")
    path = forward(some, lanes, season)
    fitted = some.values - path.errors
    there = np.arange(len(fitted))[:, None] < some.lengths
    errors = np.where(there, path.errors / (fitted if error == "M" else 1.0), 0.0)
    estimated = np.array([one.parameters(len(lanes.season)) - 1 for one in specs])
    variance = (errors**2).sum(axis=0) / np.maximum(some.lengths - estimated, 1)
    mean, base = ets_mean(path.last, some.lengths, horizon, season)
    ahead = ets_variance(path.last, some.lengths, mean, base, variance, (error, season))
    return mean, np.sqrt(ahead), fitted
