"""How unlikely a series is: minus twice the log-likelihood, the variance at its best."""

from __future__ import annotations

import numpy as np

from ecomsql.models.ets_filter import EtsPath
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Matrix

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
    forecasts = series.values - errors
    there = np.arange(len(errors))[:, None] < n
    wrong = (there & ~(forecasts > 0)).any(axis=0)
    if path.bases is not None and path.factors is not None:
        wrong |= (there & ~((path.bases > 0) & (path.factors > 0))).any(axis=0)
    forecasts = np.where(there & (forecasts > 0), forecasts, 1.0)
    share = errors / forecasts
    squares = np.einsum("tl,tl->l", share, share)
    floor = np.maximum(squares, NOTHING * n)
    loss = n * np.log(floor) + 2.0 * np.log(forecasts).sum(axis=0)
    scale = np.where(squares > floor * 0.999, 2.0 * n / floor, 0.0)
    direct = (2.0 * there - scale * share * (1.0 + share)) / forecasts
    return _told(np.where(wrong, np.inf, loss)), direct


def _told(loss: Matrix) -> Matrix:
    return np.where(np.isnan(loss), np.inf, loss)
