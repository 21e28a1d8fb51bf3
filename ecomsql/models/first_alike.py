"""Sets in order, each with the first before it that it is a near copy of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.text_units import Places
from ecomsql.models.set_overlap import Sets
from ecomsql.models.shared_keys import Flags, Shared
from ecomsql.progress import track

PAIRS = 1 << 20
"""Pairs that are compared at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Pairs of a set and one after it that are alike; shape (pairs,) each."""

    firsts: Places
    seconds: Places
    similarities: NDArray[np.float64]

    @classmethod
    def joined(cls, parts: list[Matches]) -> Matches:
        """Return the pairs of several, by the second, then by the first set."""
        firsts = np.concatenate([one.firsts for one in parts])
        seconds = np.concatenate([one.seconds for one in parts])
        similarities = np.concatenate([one.similarities for one in parts])
        order = np.lexsort((firsts, seconds))
        return cls(firsts[order], seconds[order], similarities[order])

    def only(self, chosen: NDArray[np.bool_]) -> Matches:
        """Return some of the pairs."""
        return Matches(self.firsts[chosen], self.seconds[chosen], self.similarities[chosen])


class Heads:
    """Which set each set goes to: the first head before it that it is alike.

    A set that is like no head before it is a head itself. Sets are decided in batches, by their
    order: those of a batch are compared with one another, and then all later ones with the new
    heads of the batch. So copies are hardly ever compared with copies, and 100,000 near copies of
    one text take time in proportion to their number.

    Attributes
    ----------
    heads : int64 array, shape (n_sets,)
        Its head, or the set itself.
    similarities : float64 array, shape (n_sets,)
        To the head.
    """

    def __init__(self, sets: Sets, shared: Shared, threshold: float) -> None:
        self._sets = sets
        self._shared = shared
        self._threshold = threshold
        self.heads = np.arange(len(sets))
        self.similarities = np.ones(len(sets))
        for _ in track(self._batches(), "duplicates"):
            pass

    def _batches(self) -> Iterator[None]:
        while len(self._shared):
            end = self._end_of_batch()
            self._decide(end)
            self._claim(end)
            owners = self._shared.owners
            self._shared = self._shared.kept((owners >= end) & (self.heads[owners] == owners))
            yield

    def _end_of_batch(self) -> int:
        """Return the set that the next batch ends before: few pairs, but no batch for nothing."""
        pairs = np.bincount(self._shared.owners, self._shared.counts, len(self.heads))
        limit = min(max(PAIRS // 8, len(self._shared) // 4), PAIRS)
        return int(np.searchsorted(np.cumsum(pairs), limit, side="right"))

    def _decide(self, end: int) -> None:
        """Find the heads of the sets of a batch."""
        batch = self._shared.owners < end
        found = self._matches(batch, batch)
        # A few steps a pair that is alike, in order: whether a head is one hangs on those before.
        heads: dict[int, int] = {}
        chosen = np.zeros(len(found.seconds), dtype=np.bool_)
        pairs = zip(found.firsts.tolist(), found.seconds.tolist(), strict=True)
        for at, (first, second) in enumerate(pairs):
            if second not in heads and first not in heads:
                heads[second] = first
                chosen[at] = True
        self._assign(found.only(chosen))

    def _claim(self, end: int) -> None:
        """Compare all later sets with the heads of a batch."""
        owners = self._shared.owners
        is_head = (owners < end) & (self.heads[owners] == owners)
        found = self._matches(is_head, owners >= end)
        self._assign(found.only(np.diff(found.seconds, prepend=-1) > 0))

    def _matches(self, firsts: Flags, seconds: Flags) -> Matches:
        """Compare each of some entries with those of others before it that it makes a pair with."""
        main = self._shared.main
        parts = [
            *self._compared(firsts & main, seconds),
            *self._compared(firsts & ~main, seconds & main),
        ]
        return Matches.joined(parts)

    def _compared(self, firsts: Flags, seconds: Flags) -> Iterator[Matches]:
        """Compare each of some entries with those of others before it with the same key."""
        counts, starts = self._shared.before(firsts)
        chosen = np.flatnonzero(seconds & (counts > 0))
        others = self._shared.owners[firsts]
        cuts = np.flatnonzero(np.diff(np.cumsum(counts[chosen]) // PAIRS)) + 1
        for some in np.split(chosen, cuts):
            sizes = counts[some]
            within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            one = others[np.repeat(starts[some], sizes) + within].astype(np.int64)
            other = np.repeat(self._shared.owners[some].astype(np.int64), sizes)
            yield self._measured(one, other)

    def _measured(self, firsts: Places, seconds: Places) -> Matches:
        """Return the pairs that are alike, each once."""
        maybe = self._sets.sketches.maybe(firsts, seconds, self._threshold)
        pairs = np.unique(seconds[maybe] * len(self.heads) + firsts[maybe])
        seconds, firsts = np.divmod(pairs, max(len(self.heads), 1))
        places, similarities = self._sets.alike(firsts, seconds, self._threshold)
        return Matches(firsts[places], seconds[places], similarities)

    def _assign(self, found: Matches) -> None:
        self.heads[found.seconds] = found.firsts
        self.similarities[found.seconds] = found.similarities
