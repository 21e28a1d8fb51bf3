"""The walk through the shop: which product a user looks at next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.shop.assortment import SUCCESSION, TASTES, Assortment

AFFINITY = 0.85
"""Probability that a fresh pick is of the user's own taste."""

FOLLOW = (0.35, 0.10)
"""Probability that a view follows from the last one, and from the one before it."""

LENGTH = 4.0
"""Mean number of views of a visit (geometric)."""

LONGEST = 14

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Browser:
    """Draws views, and remembers the last two of each user from visit to visit.

    Attributes
    ----------
    picks : float64 array, shape ((TASTES + 1) * items,)
        Cumulated popularity, one taste after the other, then all products; block ``t`` runs
        from ``t`` to ``t + 1``.
    successors : int64 array, shape (items, 3)
    last : int64 array, shape (users, 2)
        The last product viewed and the one before it; -1 for none.
    """

    picks: Floats
    successors: Ints
    last: Ints

    @classmethod
    def of(cls, goods: Assortment, users: int) -> Browser:
        """Return a browser for `users` users without history."""
        blocks = [np.where(goods.taste == t, goods.popularity, 0.0) for t in range(TASTES)]
        blocks.append(goods.popularity)
        picks = np.concatenate([t + np.cumsum(b) / b.sum() for t, b in enumerate(blocks)])
        last = np.full((users, 2), -1, dtype=np.int64)
        return cls(picks, goods.successors, last)

    def browse(self, users: Ints, taste: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
        """Return the views of one visit of each user: row in `users`, and item, in order."""
        length = np.minimum(rng.geometric(1 / LENGTH, len(users)), LONGEST)
        rows, items = [], []
        for step in range(int(length.max())):
            row = np.flatnonzero(length > step)
            item = self._next(users[row], taste[row], rng)
            self.last[users[row], 1] = self.last[users[row], 0]
            self.last[users[row], 0] = item
            rows.append(row)
            items.append(item)
        return np.concatenate(rows), np.concatenate(items)

    def _next(self, users: Ints, taste: Ints, rng: np.random.Generator) -> Ints:
        """Return the next product of each user: a follow-up or a fresh pick."""
        whim, which = rng.random(len(users)), rng.random(len(users))
        fresh = self._pick(taste, rng)
        bounds = np.cumsum(SUCCESSION)[:-1]
        successor = self.successors[:, np.searchsorted(bounds, which, side="right")]
        lines = np.arange(len(users))
        chosen = fresh
        edges = np.cumsum(FOLLOW)
        for back, (low, high) in enumerate(zip([0.0, edges[0]], edges, strict=True)):
            source = self.last[users, back]
            follows = (whim >= low) & (whim < high) & (source >= 0)
            chosen = np.where(follows, successor[source, lines], chosen)
        return chosen

    def _pick(self, taste: Ints, rng: np.random.Generator) -> Ints:
        """Return a product of the own taste with probability AFFINITY, else any."""
        own = rng.random(len(taste)) < AFFINITY
        block = np.where(own, taste, TASTES)
        at = np.searchsorted(self.picks, block + rng.random(len(taste)), side="right")
        items = len(self.successors)
        item: Ints = np.clip(at - block * items, 0, items - 1)
        return item
