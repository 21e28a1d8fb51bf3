"""How unlikely a series is: minus twice the log-likelihood, the variance at its best."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ecomsql.models.ets_filter import EtsPath
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Matrix

CACHED = 30_000
"""Numbers of an array that are worked on at once."""
NOTHING = 1e-20
"""Mean square, of values near 1, below which a fit is perfect."""


def ets_loss(series: Ragged, path: EtsPath, error: str) -> tuple[Matrix, Matrix]:
    """Return the loss, shape (n_lanes,), and its slope by each one-step forecast.

    Up to a constant that is the same for all models of a series (Hyndman et al., 2008, equation
    5.3). Infinite where a forecast that multiplies an error is not positive.

    Parameters
    ----------
    series : Ragged
    path : EtsPath
        Of the same series.
    error : str
        ``A``, or ``M`` for errors in proportion to the forecast.
    """
    n, errors = series.lengths, path.errors
    if error == "A":
        squares = np.einsum("tl,tl->l", errors, errors)
        floor = np.maximum(squares, NOTHING * n)
        scale = np.where(squares > floor * 0.999, -2.0 * n / floor, 0.0)
        return _told(n * np.log(floor)), errors * scale
    share, forecasts = np.zeros_like(errors), np.ones_like(errors)
    squares, logs = np.zeros((2, len(n)))
    wrong = np.zeros(len(n), dtype=np.bool_)
    for rows, k in _blocks(series):
        mu, part = forecasts[rows, :k], share[rows, :k]
        there = np.arange(rows.start, rows.stop)[:, None] < n[:k]
        np.subtract(series.values[rows, :k], errors[rows, :k], out=mu, where=there)
        positive = mu > 0
        if path.bases is not None and path.factors is not None:
            positive &= (path.bases[rows, :k] > 0) & (path.factors[rows, :k] > 0)
        if not positive.all():
            wrong[:k] |= ~positive.all(axis=0)
            mu[~positive] = 1.0
        np.divide(errors[rows, :k], mu, out=part)
        squares[:k] += np.einsum("tl,tl->l", part, part)
        logs[:k] += np.log(mu).sum(axis=0)
    floor = np.maximum(squares, NOTHING * n)
    scale = np.where(squares > floor * 0.999, 2.0 * n / floor, 0.0)
    for rows, k in _blocks(series):
        mu, part = forecasts[rows, :k], share[rows, :k]
        there = np.arange(rows.start, rows.stop)[:, None] < n[:k]
        turned = part + 1.0
        turned *= part
        turned *= scale[:k]
        np.subtract(2.0 * there, turned, out=turned)
        np.divide(turned, mu, out=part)
    return _told(np.where(wrong, np.inf, n * np.log(floor) + 2.0 * logs)), share


def _blocks(series: Ragged) -> Iterator[tuple[slice, int]]:
    """Yield rows that stay in the cache together, with the count of series in the first."""
    total = len(series.counts)
    size = max(1, CACHED // max(len(series.lengths), 1))
    for start in range(0, total, size):
        yield slice(start, min(start + size, total)), series.counts[start]


def _told(loss: Matrix) -> Matrix:
    return np.where(np.isnan(loss), np.inf, loss)
