"""Sets that have a key in common: those that may be alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.text_units import Hashes, Places

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """Keys of sets, by key and set, without keys that only one set has.

    Attributes
    ----------
    starts : int64 array, shape (entries,)
        Where the entries of the same key start.
    owners : int32 array, shape (entries,)
        Which set has the key, ascending within a key.
    """

    starts: Places
    owners: Ints

    def __len__(self) -> int:
        return len(self.owners)

    @classmethod
    def of(cls, keys: Hashes, owners: Ints) -> Self:
        """Bring keys, of ascending owners, in order."""
        order = np.argsort(keys, kind="stable")
        return cls._grouped(keys[order], owners[order])

    @property
    def ranks(self) -> Places:
        """How many entries of the same key stand before each."""
        return np.arange(len(self.starts)) - self.starts

    @property
    def n_pairs(self) -> int:
        """Pairs of sets with a key in common, for each key that they have in common."""
        return int(self.ranks.sum())

    def kept(self, chosen: NDArray[np.bool_]) -> Self:
        """Return some of the entries, without keys that only one of them has."""
        return self._grouped(self.starts[chosen], self.owners[chosen])

    @classmethod
    def _grouped(cls, keys: NDArray[np.uint64] | Places, owners: Ints) -> Self:
        """Take entries of sorted keys."""
        same = keys[1:] == keys[:-1]
        several = np.zeros(len(keys), dtype=np.bool_)
        several[1:] |= same
        several[:-1] |= same
        new = np.concatenate([[True], ~same])[several] if len(keys) else several
        begins = np.where(new, np.arange(len(new)), 0)
        return cls(np.maximum.accumulate(begins) if len(begins) else begins, owners[several])
