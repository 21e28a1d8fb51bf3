"""The exact likelihood of ARMA models and its slopes."""

from __future__ import annotations

import numpy as np

from ecomsql.models.arima_fit import Slopes
from ecomsql.models.arima_lanes import SLOTS, Lanes, Longs, places, polynomials
from ecomsql.models.arima_likelihood import innovations
from ecomsql.models.arima_polynomials import Matrix

SHIFT = 1e-6
"""How far a parameter is moved to see the slope."""


def exact_slopes(data: Matrix, lengths: Longs, lanes: Lanes, season: int) -> Slopes:
    """Return the sum of squares that stands for the exact likelihood, and its slopes.

    Each parameter moved a little is a lane of its own.

    Parameters
    ----------
    data : float64 array, shape (longest, columns, n_series)
        Series, aligned to the left, and a column of ones if any lane has a constant.
    lengths : int64 array, shape (n_series,)
    lanes : Lanes
    season : int
    """
    counts = lanes.orders[:4].sum(axis=0)
    groups = [(count, np.flatnonzero(counts == count)) for count in np.unique(counts).tolist()]
    copies = np.concatenate([np.tile(at, count + 1) for count, at in groups])
    free = np.concatenate([_moved(lanes.take(at), count) for count, at in groups], axis=1)
    many = Lanes(lanes.rows[copies], lanes.orders[:, copies], free)
    errors = scaled_errors(data, lengths, many, season)
    found = Slopes(
        np.empty(len(lanes)), np.zeros((len(lanes), SLOTS)), np.zeros((len(lanes), SLOTS, SLOTS))
    )
    start = 0
    for count, at in groups:
        stop = start + (count + 1) * len(at)
        part = errors[:, start:stop].reshape(len(errors), count + 1, len(at))
        _note(found, part, at, places(lanes.orders[:, at], count))
        start = stop
    return found


def _moved(lanes: Lanes, count: int) -> Matrix:
    """Return parameters, and again with each of them moved: shape (14, (count + 1) * lanes)."""
    found = np.repeat(lanes.free[:, None], count + 1, axis=1)
    for copy, place in enumerate(places(lanes.orders, count), start=1):
        found[place, copy, np.arange(len(lanes))] += SHIFT
    return found.reshape(SLOTS, -1)


def _note(found: Slopes, errors: Matrix, at: Longs, place: Longs) -> None:
    """Enter the slopes, from errors as they are and with each parameter moved (middle axis)."""
    base = errors[:, 0]
    ways = (errors[:, 1:] - errors[:, :1]) / SHIFT
    loss = (base * base).sum(axis=0)
    found.loss[at] = np.where(np.isfinite(loss), loss, np.inf)
    for one in range(len(place)):
        found.gradient[at, place[one]] = (ways[:, one] * base).sum(axis=0)
        for other in range(one + 1):
            both = (ways[:, one] * ways[:, other]).sum(axis=0)
            found.gram[at, place[one], place[other]] = both
            found.gram[at, place[other], place[one]] = both


def scaled_errors(data: Matrix, lengths: Longs, lanes: Lanes, season: int) -> Matrix:
    """Return errors whose sum of squares stands for the likelihood, shape (longest, lanes).

    Each is divided by its standard deviation and multiplied by the geometric mean of all of them:
    so the concentrated likelihood is a sum of squares (Ansley: An algorithm for the exact
    likelihood of a mixed autoregressive-moving average process, 1979). What a constant explains is
    regressed out.
    """
    ar, ma = polynomials(lanes.free, lanes.orders, season)
    seen = innovations(data, lengths, lanes.rows, ar, ma)
    errors = seen.errors[:, 0]
    if data.shape[1] > 1:
        ones = seen.errors[:, 1]
        weight = (ones * errors).sum(axis=0) / (ones * ones).sum(axis=0)
        errors = errors - np.where(lanes.orders[4] > 0, weight, 0.0) * ones
    return errors * np.exp(0.5 * seen.log_variance / lengths[lanes.rows])
