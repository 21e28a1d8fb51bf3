"""Exact Jaccard similarities of pairs of sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ecomsql.features.shingles import Shingles
from ecomsql.features.text_counts import distinct
from ecomsql.features.text_units import Places
from ecomsql.models.set_sketches import Sketches
from ecomsql.progress import checkpoint

ELEMENTS = 4_000_000
"""Elements of pairs that are compared at once: some 100 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """Sets as rows of a sparse matrix of ones, a column an element, and their sketches."""

    matrix: csr_matrix
    sketches: Sketches

    @classmethod
    def of(cls, sets: Shingles) -> Self:
        """Give each element a column."""
        there, _, codes = distinct(sets.hashes)
        ones = np.ones(len(codes), dtype=np.int8)
        shape = (len(sets), max(len(there), 1))
        matrix = csr_matrix((ones, codes.astype(np.int32), sets.offsets), shape=shape)
        matrix.sort_indices()
        return cls(matrix, Sketches.of(sets))

    def __len__(self) -> int:
        return len(self.sketches.sizes)

    def alike(
        self, firsts: Places, seconds: Places, threshold: float
    ) -> tuple[Places, NDArray[np.float64]]:
        """Return which pairs are alike enough, and how much.

        Parameters
        ----------
        firsts, seconds : integer arrays, shape (pairs,)
        threshold : float
            Jaccard similarity, at least.

        Returns
        -------
        places : int64 array, shape (alike,)
            Of pairs.
        similarities : float64 array, shape (alike,)
        """
        together = self.sketches.sizes[firsts] + self.sketches.sizes[seconds]
        found, similarities = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
        cuts = np.flatnonzero(np.diff(np.cumsum(together) // ELEMENTS)) + 1
        for some in np.split(np.arange(len(firsts)), cuts):
            checkpoint()
            common = self._common(firsts[some], seconds[some])
            jaccard = common / (together[some] - common)
            enough = jaccard >= threshold
            found.append(some[enough])
            similarities.append(jaccard[enough])
        return np.concatenate(found), np.concatenate(similarities)

    def _common(self, firsts: Places, seconds: Places) -> Places:
        both = self.matrix[firsts].multiply(self.matrix[seconds])
        common: Places = np.diff(both.indptr).astype(np.int64)
        return common
