"""Many series side by side, which end together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class SeriesBatch:
    """Series of numbers, aligned to the right: each has its last value in the last column.

    Attributes
    ----------
    values : float64 array, shape (n_series, longest)
        NaN in front of shorter series; finite within a series, as gaps are filled before.
    lengths : int64 array, shape (n_series,)
        Number of values of each series, 1 or more.
    season : int64 array, shape (n_series,)
        Values a season; 1 where there is none.
    """

    values: Matrix
    lengths: Longs
    season: Longs

    def __len__(self) -> int:
        """Return the number of series."""
        return len(self.lengths)

    @classmethod
    def of(cls, series: Sequence[Matrix], season: int | Longs = 1) -> Self:
        """Put series of any lengths side by side.

        Parameters
        ----------
        series : sequence of float64 arrays, each of shape (length,)
            Oldest value first.
        season : int or int64 array, shape (n_series,)
            Values a season.
        """
        lengths = np.array([len(one) for one in series], dtype=np.int64)
        values = np.full((len(series), lengths.max(initial=1)), np.nan)
        values[np.arange(values.shape[1]) >= values.shape[1] - lengths[:, None]] = np.concatenate(
            [np.empty(0), *series]
        )
        seasons = np.array(np.broadcast_to(season, lengths.shape), dtype=np.int64)
        return cls(values, lengths, seasons)

    def take(self, rows: Longs | NDArray[np.bool_]) -> Self:
        """Return some of the series, without columns that are empty in all of them."""
        lengths = self.lengths[rows]
        width = self.values.shape[1] - lengths.max(initial=1)
        return type(self)(self.values[rows, width:], lengths, self.season[rows])

    def before(self, h: int) -> Self:
        """Return the series without their last `h` values, for backtests.

        Raises
        ------
        ValueError
            If a series has no more than `h` values; take the longer ones first.
        """
        if self.lengths.min(initial=h + 1) <= h:
            raise ValueError(f"a series has no more than {h} values")
        width = self.values.shape[1] - h
        return type(self)(self.values[:, :width], self.lengths - h, self.season)

    def groups(self, *, cells: int = 4_000_000, most: int = 50_000) -> Iterator[Longs]:
        """Yield rows of one season and like length, the longest first.

        Parameters
        ----------
        cells : int
            About how many values the series of a group have at most, padding included, for memory;
            a longer series is a group alone.
        most : int
            Series of a group at most.
        """
        order = np.lexsort((np.arange(len(self)), -self.lengths, self.season))
        lengths, season = self.lengths[order], self.season[order]
        at = 0
        while at < len(order):
            longest = int(lengths[at])
            stop = at + min(max(1, cells // longest), most)
            alike = season[at:stop] == season[at]
            count = int(np.argmin(alike)) if not alike.all() else len(alike)
            yield order[at : at + count]
            at += count

    def last(self, count: int) -> Matrix:
        """Return the last `count` values of each series; NaN in front of shorter ones."""
        missing = count - self.values.shape[1]
        if missing <= 0:
            return self.values[:, self.values.shape[1] - count :]
        return np.pad(self.values, ((0, 0), (missing, 0)), constant_values=np.nan)
