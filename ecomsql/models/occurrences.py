"""Series that are mostly zero, as what came and how long it took to come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Longs, Matrix, SeriesBatch


@dataclass(frozen=True, slots=True, eq=False)
class Occurrences:
    """The values other than zero of those series that have any.

    Attributes
    ----------
    rows : int64 array, shape (n,)
        The series, by falling number of such values.
    sizes, gaps : Ragged
        The values, and the steps since the one before; of the first, since the series began.
    before : int64 array, shape (n, longest)
        How many there are in front of each column of the batch.
    inside : bool array, shape (n, longest)
        Where the series are.
    """

    rows: Longs
    sizes: Ragged
    gaps: Ragged
    before: Longs
    inside: NDArray[np.bool_]

    @classmethod
    def of(cls, batch: SeriesBatch) -> Occurrences:
        """Find them."""
        inside = np.isfinite(batch.values)
        there = inside & (batch.values != 0)
        counts = there.sum(axis=1)
        rows = np.argsort(-counts, kind="stable")
        rows = rows[counts[rows] > 0]
        there, inside, counts = there[rows], inside[rows], counts[rows]
        row, column = np.nonzero(there)
        at = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        sizes, times = np.zeros((2, int(counts.max(initial=0)), len(rows)))
        sizes[at, row] = batch.values[rows[row], column]
        times[at, row] = column
        start = batch.values.shape[1] - batch.lengths[rows]
        gaps = np.diff(times, axis=0, prepend=(start - 1.0)[None])
        lengths = counts.astype(np.int64)
        found = Ragged.of(sizes, lengths)
        before = np.cumsum(there, axis=1) - there
        return cls(rows, found, found.with_values(gaps), before, inside)

    def at_times(self, levels: Matrix) -> Matrix:
        """Return the level that each column starts with, shape (n, longest); NaN before any.

        `levels` are those after each value, shape (most values, n).
        """
        each = np.arange(len(self.rows))[:, None]
        found = levels.T[each, np.maximum(self.before - 1, 0)]
        return np.where(self.inside & (self.before > 0), found, np.nan)
