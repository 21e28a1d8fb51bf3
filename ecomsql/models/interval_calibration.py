"""How much wider, or narrower, intervals have to be: learned from forecasts of what is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import ndtri

from ecomsql.models.forecaster import Forecast
from ecomsql.models.known_ahead import Known
from ecomsql.models.series_batch import Longs, Matrix, SeriesBatch
from ecomsql.models.series_ends import known_of, windows_of

ENOUGH = 64
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
    forecast: Callable[[SeriesBatch, int, Known | None], Forecast],
    level: float,
    *,
    known: Known | None = None,
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
    known : Known, optional
        What is known beside the values.
    """
    factors = np.ones((len(batch), horizon))
    for season in np.unique(batch.season).tolist():
        rows = np.flatnonzero(batch.season == season)
        windows = _windows(batch, rows, horizon)
        if not windows:
            continue
        before, truth = windows_of(batch, windows, horizon)
        beside = (
            None if known is None else known_of(known, windows, horizon, before.values.shape[1])
        )
        found = forecast(before, horizon, beside)
        factors[rows] = _factors(np.abs(truth - found.mean), found.sd, level)
    return factors


def _windows(batch: SeriesBatch, rows: Longs, horizon: int) -> list[tuple[int, int]]:
    """Return series and how many steps before its end each window ends."""
    wanted = int(np.clip(-(-ENOUGH // len(rows)), 1, MOST_WINDOWS))
    found = []
    for row in rows[:: max(1, len(rows) // ENOUGH)].tolist():
        length = int(batch.lengths[row])
        for back in range(0, wanted * max(1, horizon // 2), max(1, horizon // 2)):
            if length - back - horizon < max(FEWEST, length // 2):
                break
            found.append((row, back))
    return found


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
