"""Sets that have a key in common: those that may be alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.text_units import Hashes, Places

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """Keys of sets, by key and set.

    Two sets with the same key are a pair if it is a main key of at least one of them.

    Attributes
    ----------
    starts : int64 array, shape (entries,)
        Where the entries of the same key start.
    owners : int32 array, shape (entries,)
        Which set has the key, ascending within a key.
    main : bool array, shape (entries,)
        Whether it is a main key of this set.
    """

    starts: Places
    owners: Ints
    main: Flags

    def __len__(self) -> int:
        return len(self.owners)

    @classmethod
    def of(cls, keys: Hashes, owners: Ints, main: Flags | None = None) -> Self:
        """Bring keys, of ascending owners, in order; without `main`, all are main keys."""
        order = np.argsort(keys, kind="stable")
        main = np.ones(len(keys), dtype=np.bool_) if main is None else main[order]
        return cls._grouped(keys[order], owners[order], main)

    @property
    def counts(self) -> Places:
        """How many entries before each make a pair with it, shape (entries,)."""
        ranks = np.arange(len(self.starts)) - self.starts
        found: Places = np.where(self.main, ranks, self.before(self.main)[0])
        return found

    @property
    def n_pairs(self) -> int:
        """Pairs of sets, for each key that they have in common."""
        return int(self.counts.sum())

    def before(self, chosen: Flags) -> tuple[Places, Places]:
        """Return how many of the chosen entries stand before each with the same key, and in all."""
        total: Places = np.cumsum(chosen) - chosen
        first: Places = total[self.starts]
        return total - first, first

    def kept(self, chosen: Flags) -> Self:
        """Return some of the entries, without those that are in no pair."""
        return self._grouped(self.starts[chosen], self.owners[chosen], self.main[chosen])

    @classmethod
    def _grouped(cls, keys: NDArray[np.uint64] | Places, owners: Ints, main: Flags) -> Self:
        """Take entries of sorted keys; leave out keys of one set, or that are main keys of none."""
        if not len(keys):
            return cls(np.zeros(0, dtype=np.int64), owners, main)
        starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
        sizes = np.diff(starts, append=len(keys))
        useful = (sizes > 1) & np.logical_or.reduceat(main, starts)
        kept, sizes = np.repeat(useful, sizes), sizes[useful]
        begins = np.repeat(np.cumsum(sizes) - sizes, sizes)
        return cls(begins, owners[kept], main[kept])
