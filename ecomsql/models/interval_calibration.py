"""How much wider, or narrower, intervals have to be: learned from forecasts of what is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import ndtri

from ecomsql.models.forecaster import Forecast
from ecomsql.models.series_batch import Longs, Matrix, SeriesBatch

ENOUGH = 128
"""Windows of series of one season that are looked at, about."""
MOST_WINDOWS = 10
"""Of one series."""
FEWEST = 8
"""Values before a window, at least; and at least half of the series."""
CAUTION = 10
"""Windows that the model's own spread counts for."""
WIDEST = 4.0
"""Factors are between this and its inverse."""


def width_factors(
    batch: SeriesBatch,
    horizon: int,
    forecast: Callable[[SeriesBatch, int], Forecast],
    level: float,
) -> Matrix:
    """Return by what to multiply the half-width of normal intervals, shape (n_series, horizon).

    Series are forecast from earlier ends, and the quantile of the errors, in half-widths, is the
    factor: split conformal prediction (Vovk, Gammerman, Shafer: Algorithmic learning in a random
    world, 2005) with scores pooled over the series of one season and over steps near one another
    (Stankeviciute, Alaa, van der Schaar: Conformal time-series forecasting, 2021). Drawn to 1 where
    windows are few; 1 where there are none.

    Parameters
    ----------
    batch : SeriesBatch
    horizon : int
    forecast : callable
        Forecasts a batch some steps ahead, as the batch itself is.
    level : float in (0, 1)
    """
    factors = np.ones((len(batch), horizon))
    for season in np.unique(batch.season).tolist():
        rows = np.flatnonzero(batch.season == season)
        known, truth = _windows(batch, rows, horizon)
        if not known:
            continue
        found = forecast(SeriesBatch.of(known, season), horizon)
        factors[rows] = _factors(np.abs(truth - found.mean), found.sd, level)
    return factors


def _windows(batch: SeriesBatch, rows: Longs, horizon: int) -> tuple[list[Matrix], Matrix]:
    """Return what series were before some windows, and the windows."""
    wanted = int(np.clip(-(-ENOUGH // len(rows)), 1, MOST_WINDOWS))
    step = max(1, horizon // 2)
    known, truth = [], []
    for row in rows[:: max(1, len(rows) // ENOUGH)].tolist():
        series = batch.values[row, batch.values.shape[1] - batch.lengths[row] :]
        for back in range(wanted):
            end = len(series) - back * step
            start = end - horizon
            if start < max(FEWEST, len(series) // 2):
                break
            known.append(series[:start])
            truth.append(series[start:end])
    return known, np.array(truth).reshape(-1, horizon)


def _factors(missed: Matrix, sd: Matrix, level: float) -> Matrix:
    """Return a factor for each step, of errors in windows of shape (n_windows, horizon)."""
    reach = float(ndtri(0.5 + level / 2.0)) * sd
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = np.where(missed > 0, missed / reach, np.where(reach > 0, 0.0, np.nan))
    count, horizon = scores.shape
    # Steps near one another, so that a step has some 100 scores.
    beside = min(horizon, ENOUGH // count)
    factors = np.ones(horizon)
    for step in range(horizon):
        near = scores[:, max(0, step - beside) : step + beside + 1]
        told = near[~np.isnan(near)]
        if len(told):
            rank = min(1.0, level * (1.0 + 1.0 / len(told)))
            factors[step] = np.quantile(told, rank, method="higher")
    weight = count / (count + CAUTION)
    drawn: Matrix = np.clip(factors, 1.0 / WIDEST, WIDEST) ** weight
    return drawn
