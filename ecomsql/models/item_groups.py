"""Sums, means and products over the rows of each item, for rows in the order of their items."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


class ItemGroups:
    """Which rows are of which item. Columns of values are apart in memory: shape (..., n_rows).

    Parameters
    ----------
    item : int64 array, shape (n_rows,)
        Codes in ascending order.
    n_items : int
        Items, also those without rows.
    """

    def __init__(self, item: Longs, n_items: int) -> None:
        self.item = item
        self.counts: Longs = np.bincount(item, minlength=n_items)

    def __len__(self) -> int:
        return len(self.counts)

    @cached_property
    def filled(self) -> Longs:
        """Items that have rows."""
        return np.flatnonzero(self.counts)

    @cached_property
    def starts(self) -> Longs:
        """The first row of each of :attr:`filled`."""
        return (np.cumsum(self.counts) - self.counts)[self.filled]

    def total(self, values: Floats) -> Floats:
        """Return the sum of each item, shape (..., n_items); 0 without rows."""
        found = np.zeros((*values.shape[:-1], len(self)))
        if len(self.filled):
            found[..., self.filled] = np.add.reduceat(values, self.starts, axis=-1)
        return found

    def mean(self, values: Floats, weights: Floats | None = None) -> Floats:
        """Return the mean of each item, shape (..., n_items); 0 without rows."""
        if weights is None:
            sums, whole = self.total(values), self.counts.astype(np.float64)
        else:
            sums, whole = self.total(values * weights), self.total(weights)
        return np.divide(sums, whole, out=np.zeros_like(sums), where=whole > 0)

    def spread(self, of_items: Floats) -> Floats:
        """Return for each row what its item has, shape (..., n_rows)."""
        return np.repeat(of_items, self.counts, axis=-1)

    def products(self, columns: Floats, weights: Floats | None = None) -> Floats:
        """Return the sums of products of columns, shape (n_items, n_columns, n_columns)."""
        found = np.zeros((len(self), len(columns), len(columns)))
        weighted = columns if weights is None else columns * weights
        ends = self.starts + self.counts[self.filled]
        for at, start, end in zip(
            self.filled.tolist(), self.starts.tolist(), ends.tolist(), strict=True
        ):
            np.matmul(weighted[:, start:end], columns[:, start:end].T, out=found[at])
        return found

    def most(self, values: Floats) -> Floats:
        """Return the greatest value of each item, shape (n_items,); NaN without rows."""
        found = np.full(len(self), np.nan)
        if len(self.filled):
            found[self.filled] = np.maximum.reduceat(values, self.starts)
        return found

    def least(self, values: Floats) -> Floats:
        """Return the least value of each item, shape (n_items,); NaN without rows."""
        return -self.most(-values)
