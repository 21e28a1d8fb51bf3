"""Polynomials in the lag, stationary and invertible by construction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


def partials(free: Matrix) -> Matrix:
    """Return partial autocorrelations, each within -1 and 1, of numbers without bound."""
    return free / np.sqrt(1.0 + free * free)


def from_partials(partial: Matrix) -> Matrix:
    """Return the coefficients of the stationary autoregression with given partial autocorrelations.

    The recursion of Levinson and Durbin (Monahan: A note on enforcing stationarity in
    autoregressive-moving average models, 1984).

    Parameters
    ----------
    partial : float64 array, shape (order, lanes)
        Within -1 and 1; zeros at the end stand for a smaller order.

    Returns
    -------
    float64 array, shape (order, lanes)
        ``a`` of ``1 - a_1 B - a_2 B^2 ...``.
    """
    found = np.zeros_like(partial)
    for k, last in enumerate(partial):
        found[:k] -= last * found[:k][::-1].copy()
        found[k] = last
    return found


def to_partials(coefficients: Matrix) -> Matrix:
    """Undo :func:`from_partials`: coefficients (order, lanes) to partial autocorrelations."""
    found = coefficients.copy()
    for k in range(len(found) - 1, 0, -1):
        last = found[k]
        below = found[:k]
        found[:k] = (below + last * below[::-1]) / (1.0 - last * last)
    return found


def product(short: Matrix, seasonal: Matrix, season: int) -> Matrix:
    """Multiply ``1 - a_1 B - ...`` with ``1 - b_1 B^season - ...``.

    Parameters
    ----------
    short : float64 array, shape (p, lanes)
    seasonal : float64 array, shape (P, lanes)
    season : int

    Returns
    -------
    float64 array, shape (p + P * season, lanes)
        Coefficients of the product in the same form.
    """
    p = len(short)
    found = np.zeros((p + len(seasonal) * season, short.shape[1]))
    found[:p] = short
    for times, one in enumerate(seasonal, start=1):
        at = times * season
        found[at - 1] += one
        found[at : at + p] -= one * short
    return found


def smallest_root(coefficients: Matrix) -> Matrix:
    """Return how far from 0 the nearest root of ``1 - a_1 z - ...`` lies, shape (lanes,).

    Infinite where all coefficients are zero.
    """
    order, lanes = coefficients.shape
    if order == 0 or lanes == 0:
        return np.full(lanes, np.inf)
    companion = np.zeros((lanes, order, order))
    companion[:, 0] = coefficients.T
    companion[:, np.arange(1, order), np.arange(order - 1)] = 1.0
    largest = np.abs(np.linalg.eigvals(companion)).max(axis=1)
    with np.errstate(divide="ignore", over="ignore"):
        nearest: Matrix = 1.0 / largest
    return nearest
