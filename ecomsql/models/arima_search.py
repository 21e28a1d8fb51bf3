"""Search for the orders of ARMA models, by AICc, for many series at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.arima_chunks import fit_all
from ecomsql.models.arima_lanes import MOST, SLOTS, Lanes, Longs, polynomials, used
from ecomsql.models.arima_polynomials import Matrix, smallest_root

Flags = NDArray[np.bool_]

COARSE, FINE = 2e-5, 1e-8
"""Tolerances of fits in the search, and of the model chosen."""
NEAREST = 1.01
"""A model with a root nearer to 0 than this is not taken."""
STEPS = np.array(
    [
        (0, 0, -1, 0), (0, 0, 0, -1), (0, 0, 1, 0), (0, 0, 0, 1),
        (0, 0, -1, -1), (0, 0, -1, 1), (0, 0, 1, -1), (0, 0, 1, 1),
        (-1, 0, 0, 0), (0, -1, 0, 0), (1, 0, 0, 0), (0, 1, 0, 0),
        (-1, -1, 0, 0), (-1, 1, 0, 0), (1, -1, 0, 0), (1, 1, 0, 0),
    ]
)  # fmt: skip
"""Neighbours of orders p, q, P, Q, in the order in which they are tried."""
CODES = (MOST[0] + 1) * (MOST[1] + 1) * (MOST[2] + 1) * (MOST[3] + 1) * 2


@dataclass(slots=True, eq=False)
class Found:
    """The best model of each series so far.

    Attributes
    ----------
    orders : int64 array, shape (5, n_series)
    free : float64 array, shape (14, n_series)
    criterion : float64 array, shape (n_series,)
        AICc.
    """

    orders: Longs
    free: Matrix
    criterion: Matrix


def search(
    data: Matrix, lengths: Longs, season: int, most: Longs, constants: Flags, *, exact: bool
) -> Found:
    """Choose orders and estimate parameters.

    The stepwise search of Hyndman and Khandakar (Automatic time series forecasting, 2008), a step
    of all series at once: four simple models to begin with, then neighbours of the best, each from
    its parameters, until none is better.

    Parameters
    ----------
    data : float64 array, shape (longest, 2, n_series)
        Series, differenced, aligned to the left, and ones.
    lengths : int64 array, shape (n_series,)
    season : int
    most : int64 array, shape (4, n_series)
        Largest p, q, P and Q of each series.
    constants : bool array, shape (n_series,)
        Whether a constant may be added.
    """
    n = len(lengths)
    found = Found(np.zeros((5, n), dtype=np.int64), np.zeros((SLOTS, n)), np.full(n, np.inf))
    # Where a series is too short for any criterion: its mean, or a random walk.
    found.orders[4] = constants
    seen = np.zeros((n, CODES), dtype=np.bool_)
    everyone = np.arange(n)
    for orders, wanted in _beginnings(most, constants):
        rows = everyone[wanted & ~seen[everyone, _codes(orders)]]
        _try(data, lengths, season, rows, orders[:, rows], found, seen, exact=exact)
    rows = everyone
    while len(rows):
        orders, some = _next(found.orders[:, rows], most[:, rows], constants[rows], seen[rows])
        rows = rows[some]
        _try(data, lengths, season, rows, orders[:, some], found, seen, exact=exact)
    return found


def _beginnings(most: Longs, constants: Flags) -> list[tuple[Longs, Flags]]:
    """Return the models that the search starts from, and which series look at each."""
    flag = constants.astype(np.int64)
    everyone = np.ones(len(flag), dtype=np.bool_)
    starts = [
        ((2, 2, 1, 1), flag, everyone),
        ((0, 0, 0, 0), flag, everyone),
        ((1, 0, 1, 0), flag, everyone),
        ((0, 1, 0, 1), flag, everyone),
        ((0, 0, 0, 0), 0 * flag, constants),
    ]
    return [
        (np.vstack([np.minimum(np.array(start)[:, None], most), constant]), wanted)
        for start, constant, wanted in starts
    ]


def _codes(orders: Longs) -> Longs:
    """Return one number for each combination of orders."""
    code = np.zeros(orders.shape[1:], dtype=np.int64)
    for order, most in zip(orders, (*MOST, 1), strict=True):
        code = code * (most + 1) + order
    return code


def _next(orders: Longs, most: Longs, constants: Flags, seen: Flags) -> tuple[Longs, Longs]:
    """Return the next neighbour that was not looked at, and which series have one."""
    others = np.repeat(orders[:, None], len(STEPS) + 1, axis=1)
    others[:4, :-1] += STEPS.T[:, :, None]
    others[4, -1] = 1 - others[4, -1]
    low, high = others[:4] >= 0, others[:4] <= most[:, None]
    there: Flags = np.logical_and.reduce(np.concatenate([low, high]))
    there[-1] &= constants
    lanes = np.arange(orders.shape[1])
    there &= ~seen[lanes, np.where(there, _codes(others), 0)]
    first = there.argmax(axis=0)
    return others[:, first, lanes], np.flatnonzero(there.any(axis=0))


def _try(
    data: Matrix,
    lengths: Longs,
    season: int,
    rows: Longs,
    orders: Longs,
    found: Found,
    seen: Flags,
    *,
    exact: bool,
) -> None:
    """Fit a model of each of some series, and keep it where it is better."""
    seen[rows, _codes(orders)] = True
    start = np.where(used(orders), found.free[:, rows], 0.0)
    near = fit_all(data, lengths, Lanes(rows, orders, start), season, exact=exact, tolerance=COARSE)
    criterion = aicc(near.loss, lengths[rows], orders)
    better = np.flatnonzero(criterion < found.criterion[rows])
    better = better[admitted(near.free[:, better], orders[:, better], season)]
    at = rows[better]
    found.orders[:, at], found.free[:, at] = orders[:, better], near.free[:, better]
    found.criterion[at] = criterion[better]


def admitted(free: Matrix, orders: Longs, season: int) -> Flags:
    """Say which models have no root near the unit circle."""
    ar, ma = polynomials(free, orders, season)
    return np.minimum(smallest_root(ar), smallest_root(-ma)) >= NEAREST


def aicc(loss: Matrix, lengths: Longs, orders: Longs) -> Matrix:
    """Return Akaike's criterion, corrected for short series; infinite where too short."""
    n = lengths.astype(np.float64)
    count = orders.sum(axis=0) + 1.0
    spare = n - count - 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        value = n * (np.log(2 * np.pi * loss / n) + 1.0) + 2.0 * count * (1.0 + (count + 1) / spare)
    return np.where(spare > 0, value, np.inf)
