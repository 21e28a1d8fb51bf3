"""Autocovariances of processes with autoregressive and moving average parts."""

from __future__ import annotations

import numpy as np

from ecomsql.models.arima_polynomials import Matrix, to_partials


def autocovariances(ar: Matrix, ma: Matrix, lags: int) -> Matrix:
    """Return the autocovariances of ARMA processes with innovations of variance 1.

    Parameters
    ----------
    ar : float64 array, shape (p, lanes)
        ``a`` of ``1 - a_1 B - ...``, stationary.
    ma : float64 array, shape (q, lanes)
        ``b`` of ``1 + b_1 B + ...``.
    lags : int

    Returns
    -------
    float64 array, shape (lags + 1, lanes)
        At lag 0, 1, ... `lags`.
    """
    q, lanes = ma.shape
    weights = np.concatenate([np.ones((1, lanes)), ma])
    if len(ar) == 0:
        found: Matrix = np.zeros((lags + 1, lanes))
        for lag in range(min(q, lags) + 1):
            found[lag] = (weights[: q + 1 - lag] * weights[lag:]).sum(axis=0)
        return found
    pure = autoregressive(ar, lags + q)
    # Lags -q to lags + q of the autoregression's.
    both = np.concatenate([pure[q:0:-1], pure])
    found = both[q : q + lags + 1] * (weights * weights).sum(axis=0)
    for apart in range(1, q + 1):
        shared = (weights[: q + 1 - apart] * weights[apart:]).sum(axis=0)
        if shared.any():
            before, after = both[q - apart :][: lags + 1], both[q + apart :][: lags + 1]
            found += shared * (before + after)
    return found


def autoregressive(ar: Matrix, lags: int) -> Matrix:
    """Return the autocovariances of autoregressions, shape (lags + 1, lanes).

    The recursion of Levinson and Durbin, forward along the partial autocorrelations.
    """
    order, lanes = ar.shape
    partial = to_partials(ar)
    found = np.zeros((max(lags, order) + 1, lanes))
    found[0] = 1.0 / np.prod(1.0 - partial * partial, axis=0)
    error = found[0].copy()
    lower = np.zeros((order, lanes))
    for k, last in enumerate(partial):
        found[k + 1] = last * error + (lower[:k] * found[k:0:-1]).sum(axis=0)
        lower[:k] -= last * lower[:k][::-1].copy()
        lower[k] = last
        error *= 1.0 - last * last
    for lag in range(order + 1, lags + 1):
        found[lag] = (ar * found[lag - 1 : lag - 1 - order if lag > order else None : -1]).sum(
            axis=0
        )
    return found[: lags + 1]
