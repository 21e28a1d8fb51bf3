"""Division by moving averages: from values to the errors they are averages of."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from ecomsql.models.arima_polynomials import Matrix

Longs = NDArray[np.int64]

FEW = 150
"""Below so many columns a filter in C goes through each; above, steps over all are faster."""


def divide(values: Matrix, ma: Matrix) -> Matrix:
    """Return errors ``e_t = v_t - b_1 e_{t-1} - ...``, from zeros before the first.

    Parameters
    ----------
    values : float64 array, shape (steps, columns)
        Its memory is used.
    ma : float64 array, shape (q, columns)
        Of ``1 + b_1 B + ...``.
    """
    lags = (np.flatnonzero(ma.any(axis=1)) + 1).tolist()
    if not lags:
        return values
    if values.shape[1] < FEW:
        return _one_by_one(values, ma)
    part = np.empty(values.shape[1])
    weights = [ma[lag - 1] for lag in lags]
    for step in range(1, len(values)):
        error = values[step]
        for lag, weight in zip(lags, weights, strict=True):
            if lag > step:
                break
            np.multiply(values[step - lag], weight, out=part)
            error -= part
    return values


def _one_by_one(values: Matrix, ma: Matrix) -> Matrix:
    """Divide columns by a filter in C; neighbours with the same weights go together."""
    one = np.ones(1)
    change = (ma[:, 1:] != ma[:, :-1]).any(axis=0)
    starts = [0, *(np.flatnonzero(change) + 1).tolist(), ma.shape[1]]
    order = np.where(ma.any(axis=0), len(ma) - (ma[::-1] != 0).argmax(axis=0), 0)
    for start, stop in pairwise(starts):
        if order[start]:
            divisor = np.concatenate([one, ma[: order[start], start]])
            block = np.ascontiguousarray(values[:, start:stop].T)
            values[:, start:stop] = lfilter(one, divisor, block).T
    return values
