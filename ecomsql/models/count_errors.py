"""How unusual counts are, in standard deviations of a normal value that is as unusual."""

from __future__ import annotations

import numpy as np

from ecomsql.models.series_batch import Matrix

NEVER = 1e-3
"""What is expected at least, of a Poisson count."""
HALVINGS = 60


def count_distance(values: Matrix, expected: Matrix, spread: Matrix) -> Matrix:
    """Return how far counts are out, 0 for those in the middle.

    By the chance of as many or more above what is expected, and of as few or fewer below, of
    counts whose variance is `spread` times their mean (Wilson, Hilferty: The distribution of
    chi-square, 1931, for the chances).

    Parameters
    ----------
    values, expected : float64 arrays, shape (n_series, longest)
        0 or more; NaN gives NaN.
    spread : float64 array, shape (n_series, 1)
        1 for counts of chance alone (Poisson).
    """
    mean = np.maximum(expected / spread, NEVER)
    with np.errstate(invalid="ignore"):
        up, down = _above(values / spread, mean), _below((values + 1.0) / spread, mean)
        return np.maximum(np.where(values > expected, up, down), 0.0)


def count_bounds(expected: Matrix, spread: Matrix, reach: float) -> tuple[Matrix, Matrix]:
    """Return the counts below and above which the distance is more than `reach`, by halving."""
    mean = np.maximum(expected / spread, NEVER)
    low, high = mean.copy(), mean + 3.0 * reach * np.sqrt(mean) + 2.0 * reach**2 + 2.0
    first, last = np.broadcast_to(1.0 / spread, mean.shape).copy(), mean + 1.0 / spread
    with np.errstate(invalid="ignore"):
        nothing = ~(_below(first, mean) > reach)
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            far = _above(middle, mean) > reach
            low, high = np.where(far, low, middle), np.where(far, middle, high)
            other = 0.5 * (first + last)
            far = _below(other, mean) > reach
            first, last = np.where(far, other, first), np.where(far, last, other)
    lower = np.where(nothing, 0.0, last * spread - 1.0)
    return np.minimum(np.where(np.isnan(mean), np.nan, lower), expected), high * spread


def _above(counts: Matrix, mean: Matrix) -> Matrix:
    some = np.maximum(counts, 1e-9)
    found: Matrix = 3.0 * np.sqrt(some) * (1.0 - 1.0 / (9.0 * some) - np.cbrt(mean / some))
    return found


def _below(counts: Matrix, mean: Matrix) -> Matrix:
    found: Matrix = 3.0 * np.sqrt(counts) * (np.cbrt(mean / counts) - 1.0 + 1.0 / (9.0 * counts))
    return found
