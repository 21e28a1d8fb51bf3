"""How much of a series its season explains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.arima_polynomials import Matrix
from ecomsql.models.loess import loess_weights

Longs = NDArray[np.int64]

WINDOW = 11
"""Seasons that a value's season is learned from."""
PASSES = 5


def seasonal_strengths(values: Matrix, lengths: Longs, season: int) -> Matrix:
    """Return 1 minus the share of the remainder in what is not trend, 0 to 1, shape (n_series,).

    As in Wang, Smith and Hyndman (Characteristic-based clustering for time series data, 2006),
    with the decomposition of Cleveland and others (STL: a seasonal-trend decomposition procedure
    based on loess, 1990): season 11 wide and level, as ``mstl`` of R's forecast has it.

    Parameters
    ----------
    values : float64 array, shape (n_series, longest)
        Right-aligned.
    lengths : int64 array, shape (n_series,)
        More than two seasons each.
    season : int
    """
    found = np.zeros(len(values))
    for length in np.unique(lengths).tolist():
        rows = np.flatnonzero(lengths == length)
        found[rows] = _strengths(values[rows, values.shape[1] - length :].T, season)
    return found


def _strengths(values: Matrix, season: int) -> Matrix:
    """Return the strengths of series of one length, shape (length, n_series)."""
    seasonal, trend = decomposed(values, season)
    remainder = values - seasonal - trend
    whole = (values - trend).var(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(whole > 0, remainder.var(axis=0) / whole, 1.0)
    strength: Matrix = np.clip(1.0 - share, 0.0, 1.0)
    return strength


def decomposed(values: Matrix, season: int) -> tuple[Matrix, Matrix]:
    """Return the seasonal part and the trend of series of one length, shape (length, n_series)."""
    n = len(values)
    trend = np.zeros_like(values)
    width = _odd(1.5 * season / (1.0 - 1.5 / WINDOW))
    smooth_trend = loess_weights(n, width, 1)
    smooth_low = loess_weights(n, _odd(season + 1), 1)
    for _ in range(PASSES):
        around = values - trend
        cycle = np.zeros((n + 2 * season, values.shape[1]))
        for at in range(season):
            part = around[at::season]
            weights = loess_weights(len(part), WINDOW, 0, beyond=1)
            cycle[at::season][: len(part) + 2] = weights @ part
        low = smooth_low @ _mean(_mean(_mean(cycle, season), season), 3)
        seasonal = cycle[season : season + n] - low
        trend = smooth_trend @ (values - seasonal)
    return seasonal, trend


def _mean(values: Matrix, width: int) -> Matrix:
    sums = np.cumsum(np.concatenate([np.zeros((1, values.shape[1])), values]), axis=0)
    means: Matrix = (sums[width:] - sums[:-width]) / width
    return means


def _odd(number: float) -> int:
    """Return the next odd number."""
    whole = int(np.ceil(number))
    return whole + 1 - whole % 2
