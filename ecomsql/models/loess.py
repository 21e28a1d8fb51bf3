"""Local regressions at equal distances, as weights."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.sparse import csr_matrix

from ecomsql.models.arima_polynomials import Matrix


@lru_cache(maxsize=64)
def loess_weights(n: int, width: int, degree: int, *, beyond: int = 0) -> csr_matrix:
    """Return what each of `n` values counts in the smooth value at each place.

    Loess without robust weights (Cleveland: Robust locally weighted regression and smoothing
    scatterplots, 1979), with the distances and edges of STL's Fortran.

    Parameters
    ----------
    n : int
    width : int
        Values that a smooth one is made of.
    degree : int
        0, a level, or 1, a line.
    beyond : int, default 0
        Places before the first and after the last value that are answered too.

    Returns
    -------
    csr_matrix, shape (n + 2 * beyond, n)
    """
    places = np.arange(-beyond, n + beyond, dtype=np.float64)
    count = min(width, n)
    left = np.clip(np.arange(-beyond, n + beyond) - width // 2, 0, n - count)
    near = left[:, None] + np.arange(count)
    far = np.maximum(places - left, left + count - 1 - places)
    if width > n:
        far = far + (width - n) // 2
    weights = _tricube(np.abs(near - places[:, None]), far[:, None])
    weights /= weights.sum(axis=1, keepdims=True)
    if degree == 1:
        weights *= _tilt(weights, near.astype(np.float64), places, n)
    rows = np.repeat(np.arange(len(places)), count)
    return csr_matrix((weights.ravel(), (rows, near.ravel())), shape=(len(places), n))


def _tricube(distance: Matrix, far: Matrix) -> Matrix:
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(far > 0, distance / far, 0.0)
    return np.where(
        distance <= 0.999 * far,
        np.where(distance > 0.001 * far, (1.0 - share**3) ** 3, 1.0),
        0.0,
    )


def _tilt(weights: Matrix, near: Matrix, places: Matrix, n: int) -> Matrix:
    """Return what makes a level a line through the weighted mean."""
    middle = (weights * near).sum(axis=1, keepdims=True)
    off = near - middle
    spread = (weights * off * off).sum(axis=1, keepdims=True)
    slope = (places[:, None] - middle) / np.where(spread > 0, spread, 1.0)
    enough = np.sqrt(spread) > 0.001 * (n - 1.0)
    return np.where(enough, 1.0 + slope * off, 1.0)
