"""Simple exponential smoothing of many series, each with the parameter that suits it."""

from __future__ import annotations

import numpy as np

from ecomsql.models.line_minimum import line_minimum
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Matrix


def best_smoothing(series: Ragged, low: float, high: float) -> Matrix:
    """Return the parameters with the least squares of one-step forecasts, shape (n_series,).

    Between `low` and `high`; the middle where there are fewer than three values.
    """
    n = len(series.lengths)

    def squares(points: Matrix) -> Matrix:
        columns = np.repeat(np.arange(n), len(points))
        some = series.take(columns)
        found = _squares(some, points.T.ravel())
        return found.reshape(n, len(points)).T

    alpha = line_minimum(squares, np.linspace(low, high, 7), n)
    return np.where(series.lengths < 3, (low + high) / 2.0, alpha)


def _squares(series: Ragged, alpha: Matrix) -> Matrix:
    level, total = series.values[0].copy(), np.zeros(len(alpha))
    for row, k in zip(series.values[1:], series.counts[1:], strict=True):
        gap = row[:k] - level[:k]
        total[:k] += gap * gap
        level[:k] += alpha[:k] * gap
    return total


def smoothed(series: Ragged, alpha: Matrix) -> Matrix:
    """Return the levels after each value, shape (longest, n_series); they start at the first.

    After its end, the level of a series stays.
    """
    found = np.empty_like(series.values)
    level = series.values[0].copy()
    for t, k in enumerate(series.counts):
        level[:k] += alpha[:k] * (series.values[t, :k] - level[:k])
        found[t] = level
    return found
