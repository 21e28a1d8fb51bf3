"""Orders of seasonal ARMA processes and their parameters, one lane a model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.arima_polynomials import Matrix, from_partials, partials, product

Longs = NDArray[np.int64]

MOST = (5, 5, 2, 2)
"""Largest p, q, P and Q."""
SLOTS = sum(MOST)
"""Rows of parameters: those of the autoregression, the moving average, and the same by season."""
FIRST = (0, 5, 10, 12)
"""Where the parameters of p, q, P and Q begin."""
EDGE = 25.0
"""Parameters stay within plus and minus this: partial autocorrelations of .9992."""


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """Models of one season.

    Attributes
    ----------
    rows : int64 array, shape (lanes,)
        Series of each.
    orders : int64 array, shape (5, lanes)
        p, q, P, Q, and 1 where a constant is added.
    free : float64 array, shape (14, lanes)
        Parameters without bound, of which each of the four polynomials' partial autocorrelations
        are made; 0 beyond the order.
    """

    rows: Longs
    orders: Longs
    free: Matrix

    def __len__(self) -> int:
        """Return the number of lanes."""
        return len(self.rows)

    def take(self, some: Longs | NDArray[np.bool_]) -> Lanes:
        """Return some of the lanes."""
        return Lanes(self.rows[some], self.orders[:, some], self.free[:, some])


def used(orders: Longs) -> NDArray[np.bool_]:
    """Say which parameters belong to the orders, shape (14, lanes)."""
    return np.concatenate(
        [np.arange(most)[:, None] < order for most, order in zip(MOST, orders[:4], strict=True)]
    )


def places(orders: Longs, count: int) -> Longs:
    """Return where the parameters of lanes with `count` of them are, shape (count, lanes)."""
    return np.argsort(~used(orders), axis=0, kind="stable")[:count]


def polynomials(free: Matrix, orders: Longs, season: int) -> tuple[Matrix, Matrix]:
    """Return the coefficients of ``1 - a_1 B - ...`` and of ``1 + b_1 B + ...``.

    No longer than the largest of the orders asks for.

    Parameters
    ----------
    free : float64 array, shape (14, lanes)
    orders : int64 array, shape (5, any)
        Orders that the lanes have.
    season : int
    """
    most = orders.max(axis=1, initial=0)
    p, q, seasonal_p, seasonal_q = (
        from_partials(partials(free[first : first + order]))
        for first, order in zip(FIRST, most[:4].tolist(), strict=True)
    )
    return product(p, seasonal_p, season), -product(q, seasonal_q, season)
