"""Loess of many series of any lengths at once, with a weight for every value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from ecomsql.models.local_kernel import POWERS, LocalKernel, local_kernel, short_kernel
from ecomsql.models.one_core import product
from ecomsql.models.series_batch import Longs, Matrix

ROUNDING = 1e-12
"""Weight without the own value that is none but rounding."""
SMALLEST_SPREAD = 0.001
"""Share of a series over which its values near a place must spread for a line, not a level."""


@dataclass(frozen=True, slots=True, eq=False)
class LocalLines:
    """Smooths series by straight lines through the values near each place.

    Loess (Cleveland: Robust locally weighted regression and smoothing scatterplots, 1979). The line
    at a place follows from five sums over its neighbours, and those of all places and series are
    products with a few small matrices: one for all that lie in the middle, one for each end.

    Attributes
    ----------
    lengths : int64 array, shape (n_series,)
        1 or more.
    width : int
        Values that count at a place; odd.
    beyond : int
        Places before the first value and after the last that are answered too.
    kernel : LocalKernel
    long : int64 array
        Series of `width` values or more.
    last, after : int64 arrays, shapes (width, n_long), (half + beyond, n_long)
        Rows of their last values, and of the last places.
    short : list of (int64 array, float64 array)
        Other series, by length, and their weights.
    """

    lengths: Longs
    width: int
    beyond: int
    kernel: LocalKernel
    long: Longs
    last: Longs
    after: Longs
    short: list[tuple[Longs, Matrix]]

    @classmethod
    def of(cls, lengths: Longs, width: int, *, beyond: int = 0) -> Self:
        """Prepare for series of some lengths, whose first values are all in the first row."""
        kernel, long = local_kernel(width, beyond), np.flatnonzero(lengths >= width)
        ends = lengths[long]
        last = ends - width + np.arange(width)[:, None]
        after = ends - kernel.half + beyond + np.arange(kernel.half + beyond)[:, None]
        short = [
            (np.flatnonzero(lengths == length), short_kernel(length, width, beyond))
            for length in np.unique(lengths[lengths < width]).tolist()
        ]
        return cls(lengths, width, beyond, kernel, long, last, after, short)

    def smooth(
        self, values: Matrix, weights: Matrix, *, degree: int = 1, own: bool = True
    ) -> Matrix:
        """Return the smooth value at each place.

        Parameters
        ----------
        values, weights : float64 arrays, shape (longest, n_series)
            Finite; weights are 0 after the end of a series.
        degree : int, default 1
            1, a line; 0, a level.
        own : bool, default True
            Whether a value counts at its own place; else its neighbours alone say what is there.

        Returns
        -------
        float64 array, shape (longest + 2 * beyond, n_series)
            Where no value near has a weight, the value itself, and beyond an end the smooth value
            there. Finite, but of no meaning, after the end of a series.
        """
        mass, *moments = self.sums(weights, 1 if degree == 0 else POWERS)
        level, *leans = self.sums(weights * values, 1 + degree)
        if not own:
            inner = slice(self.beyond, self.beyond + len(values))
            level[inner] -= weights * values
            mass[inner] -= weights
            mass[mass < ROUNDING] = 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            if degree == 0:
                level /= mass
                return self._where_nothing_counts(level, mass > 0.0, values)
            (first, second), (lean,) = moments, leans
            first /= mass
            second /= mass
            second -= first * first
            level /= mass
            lean /= mass
            lean -= first * level
            lean *= first
            lean /= second
        enough = np.sqrt(np.maximum(second, 0.0)) > SMALLEST_SPREAD * (self.lengths - 1.0)
        np.subtract(level, lean, out=level, where=enough)
        return self._where_nothing_counts(level, mass > 0.0, values)

    def sums(self, values: Matrix, powers: int) -> Matrix:
        """Return sums of values near each place times their distance to the powers 0, 1, ...

        Returns
        -------
        float64 array, shape (powers, longest + 2 * beyond, n_series)
        """
        found = np.zeros((powers, len(values) + 2 * self.beyond, values.shape[1]))
        if len(self.long):
            self._middle(values, found)
            self._ends(values, found)
        for rows, kernel in self.short:
            length = kernel.shape[2]
            some = values[:length, rows]
            for power in range(powers):
                found[power, : kernel.shape[1], rows] = product(kernel[power], some).T
        return found

    def _middle(self, values: Matrix, found: Matrix) -> None:
        """Fill the places with neighbours on both sides, block by block."""
        kernel, n = self.kernel, len(values)
        block, half = kernel.block, kernel.half
        blocks = -(-n // block)
        padded = np.zeros((blocks * block + 2 * half, values.shape[1]))
        padded[half : half + n] = values
        step, across = padded.strides
        windows = as_strided(
            padded,
            (blocks, block + 2 * half, values.shape[1]),
            (block * step, step, across),
        )
        for power in range(len(found)):
            told = product(kernel.middle[power], windows).reshape(blocks * block, -1)
            found[power, self.beyond : self.beyond + n] = told[:n]

    def _ends(self, values: Matrix, found: Matrix) -> None:
        """Fill the first and the last places of the series that are long enough."""
        kernel = self.kernel
        first, last = values[: self.width, self.long], values[self.last, self.long]
        for power in range(len(found)):
            told = product(kernel.left[power], first)
            found[power, : len(told), self.long] = told.T
            found[power, self.after, self.long] = product(kernel.right[power], last)

    def _where_nothing_counts(
        self, smooth: Matrix, counts: NDArray[np.bool_], values: Matrix
    ) -> Matrix:
        np.copyto(smooth, 0.0, where=~counts)
        inner = slice(self.beyond, self.beyond + len(values))
        np.copyto(smooth[inner], values, where=~counts[inner])
        columns = np.arange(values.shape[1])
        for far in range(self.beyond - 1, -1, -1):
            np.copyto(smooth[far], smooth[far + 1], where=~counts[far])
        for far in range(self.beyond):
            after = self.lengths + self.beyond + far
            wrong = ~counts[after, columns]
            smooth[after, columns] = np.where(
                wrong, smooth[after - 1, columns], smooth[after, columns]
            )
        return smooth
