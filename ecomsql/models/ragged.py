"""Series by time: all their first values, all their second ones, and so on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from ecomsql.models.series_batch import Longs, Matrix, SeriesBatch


@dataclass(frozen=True, slots=True, eq=False)
class Ragged:
    """Series of falling length, each of which starts in the first row.

    A recursion over time takes the rows one by one and, as lengths fall, the first ``counts[t]``
    columns of row ``t`` are all that is there: nothing is computed for padding, and what the
    recursion holds of a series that has ended stays as it was at its end.

    Attributes
    ----------
    values : float64 array, shape (longest, n_series)
        0 after the end of a series.
    lengths : int64 array, shape (n_series,)
        Never rising.
    counts : list of int, one a row
        How many series have a value there.
    """

    values: Matrix
    lengths: Longs
    counts: list[int]

    @classmethod
    def of(cls, values: Matrix, lengths: Longs) -> Self:
        """Take values by time, of series of falling length."""
        longest = int(lengths.max(initial=0))
        # Lengths fall, so those above t are counted by a search in the rising ones.
        above = len(lengths) - np.searchsorted(lengths[::-1], np.arange(longest), side="right")
        return cls(values[:longest], lengths, above.tolist())

    @classmethod
    def from_batch(cls, batch: SeriesBatch) -> Self:
        """Turn a batch of falling length around."""
        at = np.arange(batch.values.shape[1])
        front = batch.values.shape[1] - batch.lengths
        there = at < batch.lengths[:, None]
        columns = np.where(there, at + front[:, None], 0)
        values = np.where(there, np.take_along_axis(batch.values, columns, axis=1), 0.0)
        return cls.of(np.ascontiguousarray(values.T), batch.lengths)

    def take(self, columns: Longs) -> Ragged:
        """Return some of the series, in rising order of columns; some may come repeatedly."""
        lengths = self.lengths[columns]
        return Ragged.of(self.values[: lengths.max(initial=0), columns], lengths)

    def with_values(self, values: Matrix) -> Ragged:
        """Return other values of the same lengths; what lies after the ends becomes 0."""
        rows = np.arange(len(values))[:, None]
        return Ragged(np.where(rows < self.lengths, values, 0.0), self.lengths, self.counts)

    def aligned(self, values: Matrix) -> Matrix:
        """Return values by time as rows of a batch: aligned to the right, NaN in front."""
        longest = len(self.values)
        front = longest - self.lengths[:, None]
        at = np.arange(longest) - front
        found = np.take_along_axis(values.T, np.maximum(at, 0), axis=1)
        return np.where(at >= 0, found, np.nan)
