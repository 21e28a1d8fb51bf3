"""Finds between which bounds values lie, without a search."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.table import Matrix

CELLS = 4096
"""Cells of a column, at most."""
CROWD = 4
"""Bounds in a cell, at most; of columns that have more in one, values are searched for."""
LARGEST = 1e300
"""Size of bounds from which on values are searched for, as distances may not be finite."""
SCALES = 24
"""Scales tried for the cells of a column, each half of the one before."""

Places = NDArray[np.int64]


class IntervalSearch:
    """Counts, for the values of several columns at once, the bounds of the column below each.

    A binary search of random values waits for memory and mispredicted branches at every step.
    Here a value's cell says how many bounds are in the cells before it, and those in the cell are
    compared. Cells are as wide as the values are far from the least bound, by the leading bits of
    the distance as a floating-point number: money, with many bounds close together and a few far
    out, needs no more cells than a uniform column. The answer is exact whatever is rounded, as the
    cell of a greater value is never an earlier one.

    Parameters
    ----------
    bounds : sequence of float64 arrays
        For each column, ascending, no two the same, at least one.
    """

    def __init__(self, bounds: Sequence[Matrix]) -> None:
        grids = [_grid(one) for one in bounds]
        self._searched = [
            (at, one)
            for at, (one, grid) in enumerate(zip(bounds, grids, strict=True))
            if grid.crowd > CROWD
        ]
        self._steps = max((grid.crowd for grid in grids if grid.crowd <= CROWD), default=0)
        self._zero, self._least = (
            np.array([[getattr(grid, name)] for grid in grids]) for name in ("zero", "least")
        )
        self._shift, self._first, self._last = (
            np.array([[getattr(grid, name)] for grid in grids], dtype=np.int64)
            for name in ("shift", "first", "last")
        )
        widest = max((len(one) for one in bounds), default=0) + 1
        self._bounds = np.full((len(bounds), widest), np.inf)
        self._before = np.zeros((len(bounds), CELLS + 1), dtype=np.int64)
        for at, (one, grid) in enumerate(zip(bounds, grids, strict=True)):
            self._bounds[at, : len(one)] = one
            self._before[at, : len(grid.before)] = grid.before
        rows = np.arange(len(bounds), dtype=np.int64)[:, None]
        self._cell_start, self._bound_start = rows * (CELLS + 1), rows * widest
        self._before += self._bound_start

    def __call__(self, values: Matrix) -> Places:
        """Return how many bounds are below each value; of NaN, some number of them.

        Parameters
        ----------
        values : float64 array, shape (n_columns, n_rows)
        """
        with np.errstate(over="ignore"):
            far = values - self._zero
        np.maximum(far, self._least, out=far)
        cell = far.view(np.int64)
        cell >>= self._shift
        cell -= self._first
        np.minimum(cell, self._last, out=cell)
        cell += self._cell_start
        found: Places = self._before.take(cell, mode="clip")
        for _ in range(self._steps):
            found += values > self._bounds.take(found, mode="clip")
        found -= self._bound_start
        for at, bounds in self._searched:
            found[at] = np.searchsorted(bounds, values[at], side="left")
        return found


class _Grid:
    """Cells of one column at one scale.

    Attributes
    ----------
    zero, least : float
        What is taken off a value, and the least distance that is told apart.
    shift, first, last : int
        A cell is the bits of the distance, less the last `shift`, less `first`, at most `last`.
    before : int64 array
        For each cell, the bounds in the cells before it.
    crowd : int
        Bounds in the fullest cell.
    """

    def __init__(self, bounds: Matrix, least: float) -> None:
        self.zero, self.least = float(bounds[0]) - least, least
        far = np.maximum(bounds - self.zero, least).view(np.int64)
        start = int(np.float64(least).view(np.int64))
        self.shift = max((int(far[-1]) - start) // (CELLS - 2), 1).bit_length()
        self.first = start >> self.shift
        cells = (far >> self.shift) - self.first
        self.last = int(cells[-1]) + 1
        counts = np.bincount(cells, minlength=self.last + 1)
        self.before = np.concatenate([[0], np.cumsum(counts[:-1])])
        self.crowd = int(counts.max())


def _grid(bounds: Matrix) -> _Grid:
    """Return the cells, at the scale that has the fewest bounds in one."""
    held = np.clip(bounds, -LARGEST, LARGEST)
    span = float(held[-1] - held[0]) or max(abs(float(held[0])), 1.0)
    grids = [_Grid(held, max(span * 0.5**at, 1e-300)) for at in range(SCALES)]
    best = min(grids, key=lambda grid: grid.crowd)
    if (held != bounds).any():
        best.crowd = CROWD + 1
    return best
