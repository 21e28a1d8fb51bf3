"""Differences of series, how many are needed, and the way back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.arima_polynomials import Matrix

Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]

CRITICAL = 0.463
"""Of the test for a level, at 5 % (Kwiatkowski, Phillips, Schmidt, Shin, table 1)."""
MOST = 2
"""Differences, at most."""
ROUNDING = 1e-13
"""Differences of values near 1 that are smaller say nothing."""


def difference(values: Matrix, some: Flags, lag: int) -> Matrix:
    """Take differences at `lag` of some series, the others stay: right-aligned, NaN in front.

    Parameters
    ----------
    values : float64 array, shape (n_series, longest)
    some : bool array, shape (n_series,)
    lag : int
    """
    found = values.copy()
    found[some, lag:] -= values[some, : max(values.shape[1] - lag, 0)]
    found[some, :lag] = np.nan
    return found


def constant(values: Matrix) -> Flags:
    """Say which series have no two different values, but for rounding.

    Parameters
    ----------
    values : float64 array, shape (n_series, longest)
        Right-aligned, NaN in front; of series of values near 1, or their differences.
    """
    far = np.abs(values - values[:, -1:])
    near = (far <= ROUNDING) | np.isnan(values)
    return np.asarray(near.all(axis=1), dtype=np.bool_)


def differences(values: Matrix) -> Longs:
    """Return how often neighbours have to be differenced for a stationary level, 0 to 2.

    One more as long as the test of Kwiatkowski, Phillips, Schmidt and Shin (Testing the null
    hypothesis of stationarity against the alternative of a unit root, 1992) rejects.

    Parameters
    ----------
    values : float64 array, shape (n_series, longest)
        Right-aligned, NaN in front.
    """
    found = np.zeros(len(values), dtype=np.int64)
    left = values
    on = np.ones(len(values), dtype=np.bool_)
    for _ in range(MOST):
        on = on & ~constant(left) & (level_statistics(left) > CRITICAL)
        found += on
        left = difference(left, on, 1)
    return found


def level_statistics(values: Matrix) -> Matrix:
    """Return how much speaks against a stationary level of each series, shape (n_series,).

    The long-run variance is Newey and West's with ``floor(3 sqrt(n) / 13)`` lags.
    """
    there = ~np.isnan(values)
    n = there.sum(axis=1)
    mean = np.where(there, values, 0.0).sum(axis=1) / np.maximum(n, 1)
    around = np.where(there, values - mean[:, None], 0.0)
    lags = np.floor(3.0 * np.sqrt(n) / 13.0)
    variance = (around * around).sum(axis=1)
    for lag in range(1, int(lags.max(initial=0)) + 1):
        weight = np.maximum(1.0 - lag / (lags + 1.0), 0.0)
        variance += 2.0 * weight * (around[:, lag:] * around[:, :-lag]).sum(axis=1)
    sums = np.where(there, np.cumsum(around, axis=1), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic: Matrix = (sums * sums).sum(axis=1) / (n * variance)
    return statistic


def undone(steps: Matrix, values: Matrix, d: int, seasonal: int, season: int) -> Matrix:
    """Return series that go on from their values by given differences.

    Parameters
    ----------
    steps : float64 array, shape (n_series, horizon)
        Differences to come.
    values : float64 array, shape (n_series, longest)
        The series, right-aligned; as many values as the differences need.
    d, seasonal : int
        How often neighbours, and values a season apart, were differenced.
    season : int
    """
    everyone = np.ones(len(values), dtype=np.bool_)
    lags = [season] * seasonal + [1] * d
    before = [values]
    for lag in lags:
        before.append(difference(before[-1], everyone, lag))
    for lag, past in zip(lags[::-1], before[-2::-1], strict=True):
        joined = np.concatenate([past[:, past.shape[1] - lag :], steps], axis=1)
        for step in range(lag, joined.shape[1]):
            joined[:, step] += joined[:, step - lag]
        steps = joined[:, lag:]
    return steps
