"""The lowest point of many functions of one number at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ecomsql.models.series_batch import Matrix

INNER = np.arange(1, 6)[:, None] / 6.0
"""Where a bracket is looked into."""


def line_minimum(
    function: Callable[[Matrix], Matrix], grid: Matrix, n_functions: int, *, rounds: int = 2
) -> Matrix:
    """Return about where each function is lowest, shape (n_functions,).

    The neighbours of the lowest of some points become the bracket in which the next points lie; a
    parabola through the last three gives the answer. Many points are asked for at once: a pass over
    a few long series costs hardly more for several of them.

    Parameters
    ----------
    function : callable
        Takes points, shape (n_points, n_functions), and gives the values there.
    grid : float64 array, shape (n_points,)
        Where to look first, rising.
    rounds : int
        How often to look into the bracket; each makes it three times narrower.
    """
    points = np.repeat(grid[:, None], n_functions, axis=1)
    low, best, high = _lowest(points, function(points))
    for _ in range(rounds):
        inner = low[0] + (high[0] - low[0]) * INNER
        points = np.concatenate([low[:1], inner, high[:1]])
        values = np.concatenate([low[1:], function(inner), high[1:]])
        low, best, high = _lowest(points, values)
    return _vertex(low, best, high)


def _lowest(points: Matrix, values: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Return the lowest point between its neighbours, each with its value, shape (2, n)."""
    values = np.where(np.isfinite(values), values, np.inf)
    at, each = values.argmin(axis=0), np.arange(values.shape[1])
    low, best, high = (
        np.stack([points[place, each], values[place, each]])
        for place in (np.maximum(at - 1, 0), at, np.minimum(at + 1, len(points) - 1))
    )
    return low, best, high


def _vertex(low: Matrix, best: Matrix, high: Matrix) -> Matrix:
    """Return the lowest point of the parabola; that in the middle where there is none."""
    left, right = best[0] - low[0], best[0] - high[0]
    with np.errstate(all="ignore"):
        one, two = left * (best[1] - high[1]), right * (best[1] - low[1])
        lowest = best[0] - (left * one - right * two) / (2.0 * (one - two))
    inside = (lowest > low[0]) & (lowest < high[0])
    found: Matrix = np.where(inside, lowest, best[0])
    return found
