"""Price elasticities: the slope of the log of quantities over the log of prices, item by item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.elimination import TOLERANCE, eliminate
from ecomsql.models.item_groups import Floats, ItemGroups, Longs

STILL = 1e-8
"""Standard deviation of log prices up to which prices count as one."""
NEGLIGIBLE = 1e-20
"""Share of a column's raw sum of squares that rounding may leave of a constant."""
ROOM = 4_000_000
"""Numbers that the Gram matrices of one block of items may hold."""

FITTED, NO_ROWS, FEW_ROWS, ONE_PRICE, BY_CONTROLS, SOME_PRICES, UNSOLD = range(7)
"""What became of an item's regression."""


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """Regressions of items; NaN where there is none.

    Attributes
    ----------
    slope, variance : float64 arrays, shape (n_items,)
        The elasticity, and the square of its standard error.
    noise, freedom : float64 arrays, shape (n_items,)
        Variance of the residuals; rows beyond the number of coefficients.
    spread : float64 array, shape (n_items,)
        Sum of squares of log prices after partialling out: what noise is divided by.
    r2 : float64 array, shape (n_items,)
    n : int64 array, shape (n_items,)
        Rows that took part.
    state : int64 array, shape (n_items,)
        :data:`FITTED`, or why not.
    effects : float64 array, shape (n_controls, n_items)
        Coefficients of the controls; 0 where there is none.
    """

    slope: Floats
    variance: Floats
    noise: Floats
    freedom: Floats
    spread: Floats
    r2: Floats
    n: Longs
    state: Longs
    effects: Floats

    @property
    def is_fitted(self) -> NDArray[np.bool_]:
        """Which items have a regression of their own."""
        fitted: NDArray[np.bool_] = self.state == FITTED
        return fitted


def slopes(
    groups: ItemGroups,
    log_price: Floats,
    log_quantity: Floats,
    controls: Floats,
    *,
    robust: bool = False,
) -> Slopes:
    """Regress by least squares, each item by itself, with a constant.

    Parameters
    ----------
    groups : ItemGroups
    log_price, log_quantity : float64 arrays, shape (n_rows,)
    controls : float64 array, shape (n_controls, n_rows)
        Those that are constant for an item, or follow from others, take no part in it.
    robust : bool
        Standard errors that hold when the spread of the residuals depends on the row (HC1:
        MacKinnon and White: Some heteroskedasticity-consistent covariance matrix estimators with
        improved finite sample properties, 1985).
    """
    return solved(groups, np.vstack([controls, log_price, log_quantity]), None, robust=robust)


def solved(groups: ItemGroups, columns: Floats, weights: Floats | None, *, robust: bool) -> Slopes:
    """Regress the last row of `columns` on the others; the slope is that of the last but one."""
    rows = np.ones(columns.shape[1]) if weights is None else weights
    centred = columns - groups.spread(groups.mean(columns, weights))
    grams = groups.products(centred, weights)
    raw = groups.total(rows * columns**2).T
    varies = grams.diagonal(axis1=1, axis2=2) > NEGLIGIBLE * raw
    grams *= varies[:, :, None] & varies[:, None, :]
    left, rank = _eliminated(grams, len(columns) - 2)
    left_price, both, quantity = left[:, -2, -2], left[:, -2, -1], left[:, -1, -1]
    freedom = (groups.counts - rank).astype(np.float64) - 2.0
    spread = grams[:, -2, -2] / np.maximum(groups.total(rows), 1e-300)
    state = np.select(
        [
            groups.counts == 0,
            spread <= STILL**2,
            freedom < 1,
            left_price <= TOLERANCE * grams[:, -2, -2],
        ],
        [NO_ROWS, ONE_PRICE, FEW_ROWS, BY_CONTROLS],
        FITTED,
    )
    fits = state == FITTED
    freedom = np.where(fits, freedom, np.nan)
    price: Floats = np.where(fits, left_price, np.nan)
    slope = both / price
    rest = np.maximum(quantity - slope * both, 0.0)
    noise: Floats = rest / freedom
    variance: Floats = noise / price
    if robust:
        meat = _robust(groups, centred, rows, slope, left)
        variance = meat * groups.counts / freedom / price**2
    whole = np.where(grams[:, -1, -1] > 0, grams[:, -1, -1], np.nan)
    r2: Floats = 1.0 - rest / whole
    effects = np.where(fits, left[:, :-2, -1].T - slope * left[:, :-2, -2].T, 0.0)
    return Slopes(slope, variance, noise, freedom, price, r2, groups.counts, state, effects)


def _eliminated(grams: Floats, first: int) -> tuple[Floats, Longs]:
    """Take the controls out, some items at a time."""
    found, rank = np.empty_like(grams), np.empty(len(grams), dtype=np.int64)
    step = max(ROOM // grams.shape[1] ** 2, 1)
    for start in range(0, len(grams), step):
        some = slice(start, start + step)
        found[some], rank[some] = eliminate(grams[some], first)
    return found, rank


def _robust(
    groups: ItemGroups, centred: Floats, rows: Floats, slope: Floats, left: Floats
) -> Floats:
    """Return the sums of squares of residuals times what is left of prices."""
    price, quantity = centred[-2].copy(), centred[-1].copy()
    for at, control in enumerate(centred[:-2]):
        price -= control * groups.spread(left[:, at, -2])
        quantity -= control * groups.spread(left[:, at, -1])
    missed = quantity - groups.spread(slope) * price
    return groups.total((rows * price * missed) ** 2)
