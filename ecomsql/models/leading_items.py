"""The first items of one order that each user does not have yet."""

from __future__ import annotations

import numpy as np

from ecomsql.features.interactions import Floats, Ints, Longs

CELLS = 20_000_000
"""Rows x items looked at once: 20 MB."""


class LeadingItems:
    """Items in a fixed order, best first; equal worth in the order of the codes.

    Parameters
    ----------
    worth : float32 array, shape (n_items,)
        What the order is by, descending.
    """

    def __init__(self, worth: Floats) -> None:
        self.order: Ints = np.argsort(-worth, kind="stable").astype(np.int32)
        self.place = np.empty_like(self.order)
        self.place[self.order] = np.arange(len(worth), dtype=np.int32)

    def first(self, k: int, taken: Ints, offsets: Longs) -> Ints:
        """Return the first k items of each row that are not taken.

        Looks at a few items more than k first, and at twice as many for the rows that have taken
        too many of those, so that the work does not grow with the catalogue.

        Parameters
        ----------
        taken : int32 array, shape (n,)
            Items to leave out; repeats do not matter.
        offsets : int64 array, shape (n_rows + 1,)
            Row ``r`` has taken ``taken[offsets[r]:offsets[r + 1]]``.

        Returns
        -------
        int32 array, shape (n_rows, min(k, n_items))
            Codes, best first; -1 where nothing is left.
        """
        n_rows = len(offsets) - 1
        batch = max(CELLS // (2 * k + 16), 1)
        found = np.full((n_rows, min(k, len(self.order))), -1, dtype=np.int32)
        for start in range(0, n_rows, batch):
            part = offsets[start : start + batch + 1]
            found[start : start + batch] = self._first(k, taken[part[0] : part[-1]], part - part[0])
        return found

    def _first(self, k: int, taken: Ints, offsets: Longs) -> Ints:
        n_items, n_rows = len(self.order), len(offsets) - 1
        width = min(k, n_items)
        found = np.full((n_rows, width), -1, dtype=np.int32)
        rows = np.arange(n_rows)
        owner = np.repeat(rows, np.diff(offsets))
        places = self.place[taken]
        look = min(2 * width + 16, n_items)
        while len(rows):
            near = places < look
            free = np.ones((n_rows, look), dtype=bool)
            free[owner[near], places[near]] = False
            free = free[rows]
            done = (free.sum(axis=1) >= width) | (look == n_items)
            found[rows[done]] = self._picked(free[done], width)
            rows = rows[~done]
            look = min(2 * look, n_items)
        return found

    def _picked(self, free: np.ndarray, width: int) -> Ints:
        """Return the items of the first `width` free places of each row."""
        turn = np.cumsum(free, axis=1)
        owner, place = np.nonzero(free & (turn <= width))
        picked = np.full((len(free), width), -1, dtype=np.int32)
        picked[owner, turn[owner, place] - 1] = self.order[place]
        return picked
