"""Interactions of users with items as a sparse matrix whose rows are in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Interactions:
    """Who interacted with what: one row a user, unique items within a row, oldest first.

    Attributes
    ----------
    offsets : int64 array, shape (n_users + 1,)
        User ``u`` has the entries ``offsets[u]:offsets[u + 1]``.
    items : int32 array, shape (n,)
        Item codes, 0 to ``n_items - 1``. Without times, ascending within a user.
    weights : float32 array, shape (n,)
        Strength of the interaction (a count, a quantity, a rating); above 0.
    steps : int32 array, shape (n,), or None
        How many distinct times back from the user's latest: 0 is the latest; a basket shares one
        step. None when the data has no times.
    n_items : int
        Size of the catalogue.
    """

    offsets: Longs
    items: Ints
    weights: Floats
    steps: Ints | None
    n_items: int

    @property
    def n_users(self) -> int:
        """Number of rows."""
        return len(self.offsets) - 1

    @property
    def lengths(self) -> Longs:
        """Items per user, shape (n_users,)."""
        return np.diff(self.offsets)

    @property
    def users(self) -> Ints:
        """User code of each entry, shape (n,)."""
        return np.repeat(np.arange(self.n_users, dtype=np.int32), self.lengths)

    @property
    def nbytes(self) -> int:
        """Memory that the arrays take, in bytes."""
        steps = 0 if self.steps is None else self.steps.nbytes
        return self.offsets.nbytes + self.items.nbytes + self.weights.nbytes + steps

    def matrix(self, weights: Floats | None = None) -> csr_matrix:
        """Return the users x items matrix, of `weights` (one an entry) or of the own weights.

        A copy: scipy sorts the entries of a row in place when it pleases, and here they are in the
        order of time.
        """
        values = self.weights if weights is None else weights
        shape = (self.n_users, self.n_items)
        return csr_matrix((values, self.items, self.offsets), shape=shape, copy=True)

    def rows(self, start: int, stop: int) -> Interactions:
        """Return the users `start` to `stop` as views, without a copy."""
        first, last = self.offsets[start], self.offsets[stop]
        steps = None if self.steps is None else self.steps[first:last]
        return Interactions(
            self.offsets[start : stop + 1] - first,
            self.items[first:last],
            self.weights[first:last],
            steps,
            self.n_items,
        )

    def batches(self, size: int) -> Iterator[tuple[int, Interactions]]:
        """Yield ``(start, rows)`` for every `size` users."""
        for start in range(0, self.n_users, size):
            yield start, self.rows(start, min(start + size, self.n_users))

    def take(self, users: Longs | Ints) -> Interactions:
        """Return the rows of `users` in that order; a code of -1 gives an empty row."""
        known = users >= 0
        at = np.where(known, users, 0)
        lengths = np.where(known, self.lengths[at] if self.n_users else 0, 0)
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        starts = np.where(known, self.offsets[at], 0)
        entries = np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])
        return self._pick(entries, offsets)

    def keep(self, mask: NDArray[np.bool_]) -> Interactions:
        """Return the entries where `mask` (one an entry) is true; users stay, perhaps empty.

        Steps are counted anew from the latest entry that stays.
        """
        before = np.concatenate([[0], np.cumsum(mask)])
        kept = self._pick(np.flatnonzero(mask), before[self.offsets].astype(np.int64))
        if kept.steps is None:
            return kept
        steps = steps_back(kept.users, -kept.steps)
        return Interactions(kept.offsets, kept.items, kept.weights, steps, kept.n_items)

    def is_in(self, other: Interactions) -> NDArray[np.bool_]:
        """Return whether each entry's pair is in `other` too, which has the same codes."""
        found: NDArray[np.bool_] = np.isin(self._keys(), other._keys())
        return found

    def _keys(self) -> Longs:
        return self.users.astype(np.int64) * self.n_items + self.items

    def _pick(self, entries: Longs, offsets: Longs) -> Interactions:
        steps = None if self.steps is None else self.steps[entries]
        return Interactions(
            offsets, self.items[entries], self.weights[entries], steps, self.n_items
        )


def interactions(frame: pl.DataFrame, *, n_users: int, n_items: int) -> Interactions:
    """Build :class:`Interactions` from coded events.

    Parameters
    ----------
    frame : DataFrame with columns user, item, weight and perhaps time
        One row an event: codes from 0, a weight, and a time that can be ordered. Repeated pairs
        become one, with the sum of their weights and their latest time. Pairs whose weights add
        up to 0 or less (bought and given back) are left out. Any row order gives the same answer.
    n_users, n_items : int
        Number of codes of each.
    """
    timed = "time" in frame.columns
    pairs = _pairs(frame, n_items=n_items, timed=timed)
    order = ["user", "time", "item"] if timed else ["user", "item"]
    pairs = pairs.filter(pl.col("weight") > 0).sort(order)
    users = pairs["user"].to_numpy()
    counts = np.bincount(users, minlength=n_users)
    return Interactions(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        pairs["item"].cast(pl.Int32).to_numpy(),
        pairs["weight"].cast(pl.Float32).to_numpy(),
        steps_back(users, pairs["time"].to_numpy()) if timed else None,
        n_items,
    )


def _pairs(frame: pl.DataFrame, *, n_items: int, timed: bool) -> pl.DataFrame:
    """Return one row a (user, item), with summed weight and latest time."""
    keys = frame.select(pl.col("user").cast(pl.Int64) * n_items + pl.col("item")).to_series().sort()
    if not (keys == keys.shift()).any():
        return frame
    latest = [pl.col("time").max()] if timed else []
    # Sorted first: the sum of floats must not depend on the order of the rows.
    ordered = frame.sort("user", "item", "weight")
    return ordered.group_by("user", "item", maintain_order=True).agg(
        pl.col("weight").sum(), *latest
    )


def steps_back(users: Ints, times: NDArray[np.generic]) -> Ints:
    """Count distinct times back from each user's last entry; entries ordered by user and time."""
    if len(users) == 0:
        return np.zeros(0, dtype=np.int32)
    new_user = users[1:] != users[:-1]
    level = np.concatenate([[0], np.cumsum(new_user | (times[1:] != times[:-1]))])
    last = np.concatenate([np.flatnonzero(new_user), [len(users) - 1]])
    per_user = np.diff(np.concatenate([[-1], last]))
    back: Ints = (np.repeat(level[last], per_user) - level).astype(np.int32)
    return back
