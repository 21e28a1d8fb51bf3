"""From a view to the cart, and from the cart to the order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.shop.assortment import CATEGORIES, Assortment
from ecomsql.shop.people import People
from ecomsql.shop.seasons import Days

CART = 0.2
"""Probability that a product viewed goes into the cart."""

CHECKOUT = (-0.2, -1.6, 1.2)
"""Intercept, weight of log(price / habit), weight of the last visit's recency."""

MEMORY = 14.0
"""Days after which a visit's recency has fallen to 1 / e."""

TOGETHER = 0.5
"""Probability that a product's partner is bought with it."""

MORE_PIECES = 0.2
"""Mean number of pieces beyond the first (Poisson)."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """What became of each product seen in one round of visits; one entry a view.

    Attributes
    ----------
    row, item : int64 arrays
        Visit of the round, and product.
    price : float64 array
        Price of the day.
    carted, paid : bool arrays
    quantity : int64 array
        Pieces, at least 1.
    """

    row: Ints
    item: Ints
    price: Floats
    carted: Bools
    paid: Bools
    quantity: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Till:
    """Decides what goes into the cart and what is paid.

    Attributes
    ----------
    crowd, goods : People, Assortment
    prices : float64 array, shape (items, days)
    """

    crowd: People
    goods: Assortment
    prices: Floats

    def lines(
        self,
        users: Ints,
        start: Days,
        before: Days,
        views: tuple[Ints, Ints],
        rng: np.random.Generator,
    ) -> Lines:
        """Return the lines of one round of visits.

        Parameters
        ----------
        users : int64 array
            Who visits.
        start, before : float64 arrays, same shape
            Day of this visit and of the last one (-inf for none).
        views : pair of int64 arrays
            Index into `users`, and product.
        """
        row, item = views
        price = self._price(item, start[row])
        carted = _first(row, item, len(self.goods)) & (rng.random(len(row)) < CART)
        recent = np.exp((before - start) / MEMORY)
        buys = rng.random(len(row)) < self._buying(users[row], item, price, recent[row])
        paid = carted & buys
        more_row, more = self._along(row[paid], item[paid], rng)
        yes = np.ones(len(more), dtype=np.bool_)
        return Lines(
            np.concatenate([row, more_row]),
            np.concatenate([item, more]),
            np.concatenate([price, self._price(more, start[more_row])]),
            np.concatenate([carted, yes]),
            np.concatenate([paid, yes]),
            1 + rng.poisson(MORE_PIECES, len(row) + len(more)),
        )

    def _price(self, item: Ints, day: Days) -> Floats:
        price: Floats = self.prices[item, day.astype(np.int64)]
        return price

    def _buying(self, user: Ints, item: Ints, price: Floats, recent: Floats) -> Floats:
        """Return the probability that a cart line is paid."""
        usual = np.asarray([c.price for c in CATEGORIES])[self.goods.category[item]]
        dear = np.log(price / (usual * self.crowd.habit[user]))
        logit = CHECKOUT[0] + CHECKOUT[1] * dear + CHECKOUT[2] * recent
        probability: Floats = 1 / (1 + np.exp(-logit))
        return probability

    def _along(self, row: Ints, item: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
        """Return the partners that are bought along: visit and product."""
        takes = (self.goods.partner[item] >= 0) & (rng.random(len(row)) < TOGETHER)
        more_row, more = row[takes], self.goods.partner[item[takes]]
        n = len(self.goods)
        new = ~np.isin(more_row * n + more, row * n + item)
        return more_row[new], more[new]


def _first(row: Ints, item: Ints, items: int) -> Bools:
    """Mark the first view of each product in each visit."""
    mark = np.zeros(len(row), dtype=np.bool_)
    mark[np.unique(row * items + item, return_index=True)[1]] = True
    return mark
