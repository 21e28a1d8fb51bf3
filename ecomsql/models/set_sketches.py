"""Small sketches of sets, by which most pairs that are not alike are seen not to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.shingles import Shingles
from ecomsql.features.text_units import Hashes, Places, mixed
from ecomsql.models.partition_keys import EPSILON

WORDS = 2
"""Words of 64 bits in a sketch."""


@dataclass(frozen=True, slots=True, eq=False)
class Sketches:
    """Of each set, which bits an odd number of its elements falls on.

    Two sets differ in at least as many elements as their sketches do in bits (Sandes, Teodoro,
    Melo: Bitmap filter, 2020), so that no pair is lost.

    Attributes
    ----------
    bits : uint64 array, shape (WORDS, n_sets)
    sizes : int64 array, shape (n_sets,)
        Elements of each set.
    """

    bits: Hashes
    sizes: Places

    @classmethod
    def of(cls, sets: Shingles) -> Self:
        """Sketch sets; some may be empty."""
        bits = np.zeros((WORDS, len(sets)), dtype=np.uint64)
        filled = np.flatnonzero(sets.sizes)
        if len(filled):
            fall = mixed(sets.hashes)
            bit = np.uint64(1) << (fall >> np.uint64(58))
            for word in range(WORDS):
                mine = np.where(fall % np.uint64(WORDS) == np.uint64(word), bit, np.uint64(0))
                bits[word, filled] = np.bitwise_xor.reduceat(mine, sets.offsets[filled])
        return cls(bits, sets.sizes)

    def maybe(self, firsts: Places, seconds: Places, threshold: float) -> NDArray[np.bool_]:
        """Return which pairs may have a Jaccard similarity of the threshold or more."""
        one, other = self.sizes[firsts], self.sizes[seconds]
        together = one + other
        # Sets of so different sizes have many elements of their own as well.
        differ = np.abs(one - other)
        bits = sum(ones(word[firsts] ^ word[seconds]) for word in self.bits)
        most = (1 - threshold) / (1 + threshold) * together + EPSILON
        possible: NDArray[np.bool_] = np.maximum(differ, bits) <= most
        return possible


def ones(values: Hashes) -> Places:
    """Return how many bits of each number are set.

    By adding neighbours up (Warren: Hacker's delight, 2002); NumPy has a function for that from
    version 2 on.

    Examples
    --------
    >>> ones(np.array([0, 1, 255, 2**64 - 1], dtype=np.uint64)).tolist()
    [0, 1, 8, 64]
    """
    pairs, fours, bytes_ = (np.uint64(2**64 // n) for n in (3, 5, 17))
    values = values - ((values >> np.uint64(1)) & pairs)
    values = (values & fours) + ((values >> np.uint64(2)) & fours)
    values = (values + (values >> np.uint64(4))) & bytes_
    return ((values * np.uint64(2**64 // 255)) >> np.uint64(56)).astype(np.int64)
