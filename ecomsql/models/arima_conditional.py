"""The conditional likelihood of ARMA models and its slopes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.arima_fit import Slopes
from ecomsql.models.arima_lanes import FIRST, MOST, SLOTS, Lanes, Longs, places, used
from ecomsql.models.arima_moving import divide
from ecomsql.models.arima_polynomials import Matrix, from_partials, partials, product

SHIFT = 1e-6
"""How far a parameter is moved to see the slope of the coefficients."""
SHORT, MOVING, SEASONAL, MOVING_SEASONAL = (
    slice(first, first + most) for first, most in zip(FIRST, MOST, strict=True)
)
Column = tuple[int, Longs, Matrix]
"""Which of the 14 coefficients, lanes, and a series of each of them, shape (longest, lanes)."""


def conditional_slopes(data: Matrix, lengths: Longs, lanes: Lanes, season: int) -> Slopes:
    """Return the sum of squares given the first values, and its slopes.

    The errors of the first ``p + P * season`` values count as 0, and the others' mean square stands
    for all (Box and Jenkins: Time series analysis, 1970). The slope of the errors by each
    coefficient is a series divided by the same moving averages as the errors.

    Parameters
    ----------
    data : float64 array, shape (longest, columns, n_series)
        Series, aligned to the left; other columns are not looked at.
    lengths : int64 array, shape (n_series,)
    lanes : Lanes
    season : int
    """
    coefficients, ways = _coefficients(lanes.free)
    # A partial autocorrelation beyond the order, 0, would change coefficients if it were moved.
    ways *= used(lanes.orders).T[:, :, None]
    first = lanes.orders[0] + lanes.orders[2] * season
    time = np.arange(len(data))[:, None]
    within = (time >= first) & (time < lengths[lanes.rows])
    rows = _divided(data[:, 0, lanes.rows], coefficients, lanes.orders, season, within)
    errors, slopes = rows[0][2], rows[1:]
    share = lengths[lanes.rows] / np.maximum(within.sum(axis=0), 1)
    loss = share * (errors * errors).sum(axis=0)
    found = Slopes(
        np.where(np.isfinite(loss), loss, np.inf),
        np.zeros((len(lanes), SLOTS)),
        np.zeros((len(lanes), SLOTS, SLOTS)),
    )
    _note(found, errors, slopes, lanes.orders)
    found.gradient = share[:, None] * np.einsum("lij,lj->li", ways, found.gradient)
    found.gram = share[:, None, None] * (ways @ found.gram @ ways.transpose(0, 2, 1))
    return found


def _coefficients(free: Matrix) -> tuple[Matrix, Matrix]:
    """Return the coefficients of ``1 - c_1 B - ...`` of each of the four polynomials.

    Shape (14, lanes); and their slopes, shape (lanes, 14, 14), the parameter first.
    """
    found, ways = np.empty_like(free), np.zeros((free.shape[1], SLOTS, SLOTS))
    for block in (SHORT, MOVING, SEASONAL, MOVING_SEASONAL):
        most = block.stop - block.start
        moved = np.repeat(free[block, None], most + 1, axis=1)
        moved[np.arange(most), np.arange(most)] += SHIFT
        made = from_partials(partials(moved))
        found[block] = made[:, most]
        ways[:, block, block] = ((made[:, :most] - made[:, most:]) / SHIFT).transpose(2, 1, 0)
    return found, ways


def _divided(
    values: Matrix, coefficients: Matrix, orders: Longs, season: int, within: NDArray[np.bool_]
) -> list[Column]:
    """Return the errors of all lanes, and their slopes by each coefficient.

    The slopes by the lags of one polynomial are one series, moved by these lags. For those of the
    autoregressions that leaves out what the first values add, which fades.
    """
    short, moving, seasonal, moving_seasonal = (
        coefficients[block] for block in (SHORT, MOVING, SEASONAL, MOVING_SEASONAL)
    )
    p, q, seasons, moving_seasons, constant = orders
    moving, moving_seasonal = moving[: q.max()], moving_seasonal[: moving_seasons.max()]
    deseasoned, smoothed = _left(values, seasonal, season), _left(values, short, 1)
    deseasoned[np.arange(len(values))[:, None] < seasons * season] = 0.0
    smoothed[np.arange(len(values))[:, None] < p] = 0.0
    lanes = [np.arange(len(p)), *(np.flatnonzero(one) for one in (p, seasons, constant))]
    right = [_left(deseasoned, short, 1) * within, -deseasoned[:, lanes[1]]]
    right += [-smoothed[:, lanes[2]], within[:, lanes[3]].astype(np.float64)]
    weights = -product(moving, moving_seasonal, season)
    rows = divide(np.concatenate(right, axis=1), weights[:, np.concatenate(lanes)])
    errors, by_short, by_season, ones = np.split(rows, np.cumsum([len(at) for at in lanes])[:-1], 1)
    unit = np.zeros_like(errors)
    if len(lanes[3]):
        ones = ones * within[:, lanes[3]]
        unit[:, lanes[3]] = ones / np.sqrt((ones * ones).sum(axis=0))
    errors = _off(errors * within, unit)
    by_moving = divide(errors.copy(), -moving)
    none = np.zeros((0, len(p)))
    by_moving_season = divide(errors.copy(), -product(none, moving_seasonal, season))
    slopes = _lagged(by_short, lanes[1], p, SHORT.start, 1)
    slopes += _lagged(by_moving, lanes[0], q, MOVING.start, 1)
    slopes += _lagged(by_season, lanes[2], seasons, SEASONAL.start, season)
    first = MOVING_SEASONAL.start
    slopes += _lagged(by_moving_season, lanes[0], moving_seasons, first, season)
    # Off what a constant explains: so its value need not be known for the slopes.
    slopes = [(slot, at, _off(row * within[:, at], unit[:, at])) for slot, at, row in slopes]
    return [(-1, lanes[0], errors), *slopes]


def _off(row: Matrix, unit: Matrix) -> Matrix:
    """Take off what lies along columns of length 1, or 0."""
    if not unit.any():
        return row
    left: Matrix = row - (row * unit).sum(axis=0) * unit
    return left


def _left(values: Matrix, weights: Matrix, apart: int) -> Matrix:
    """Return what ``1 - c_1 B^apart - ...`` leaves of values; before the first lag, anything."""
    left = values.copy()
    for times in (np.flatnonzero(weights.any(axis=1)) + 1).tolist():
        left[times * apart :] -= weights[times - 1] * values[: max(len(values) - times * apart, 0)]
    return left


def _lagged(values: Matrix, lanes: Longs, orders: Longs, first: int, apart: int) -> list[Column]:
    """Return values as they were 1, 2, ... times `apart` before, for lanes of that order or more.

    `values` are those of `lanes`; `orders` are of all.
    """
    found = []
    for times in range(1, int(orders.max(initial=0)) + 1):
        some = np.flatnonzero(orders[lanes] >= times)
        row = np.zeros((len(values), len(some)))
        row[times * apart :] = values[: max(len(values) - times * apart, 0), some]
        found.append((first + times - 1, lanes[some], row))
    return found


def _note(found: Slopes, errors: Matrix, slopes: list[Column], orders: Longs) -> None:
    """Enter gradient and Gram matrix of the slopes by the coefficients."""
    table = np.zeros((SLOTS, orders.shape[1]), dtype=np.int64)
    start = 0
    for slot, at, row in slopes:
        table[slot, at] = start + np.arange(len(at))
        start += row.shape[1]
    if not start:
        return
    columns = np.concatenate([row for _, _, row in slopes], axis=1)
    counts = orders[:4].sum(axis=0)
    for count in np.unique(counts[counts > 0]).tolist():
        at = np.flatnonzero(counts == count)
        place = places(orders[:, at], count)
        part = [columns[:, table[one, at]] for one in place]
        base = errors[:, at]
        for one in range(count):
            found.gradient[at, place[one]] = (part[one] * base).sum(axis=0)
            for other in range(one + 1):
                both = (part[one] * part[other]).sum(axis=0)
                found.gram[at, place[one], place[other]] = both
                found.gram[at, place[other], place[one]] = both
