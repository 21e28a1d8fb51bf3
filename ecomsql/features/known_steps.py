"""Numbers beside the steps of series become arrays beside their values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]
Cube = NDArray[np.float64]


def known_steps(
    codes: Longs,
    places: Longs,
    columns: Longs,
    values: NDArray[np.float64],
    shape: tuple[int, int, int, int],
) -> tuple[Cube, Cube]:
    """Return what stands beside the values of series, and beside the steps ahead.

    Of several numbers for one step the mean.

    Parameters
    ----------
    codes : int64 array, shape (n,)
        Series of each number.
    places : int64 array, shape (n,)
        Steps after the end of its series: 1 is the first ahead, 0 the last of the past.
    columns : int64 array, shape (n,)
        From 0.
    values : float64 array, shape (n,)
    shape : tuple of int
        Series, longest past, steps ahead, columns.

    Returns
    -------
    float64 arrays, shape (n_series, longest, n_columns) and (n_series, horizon, n_columns)
        NaN where there is no number.
    """
    n_series, longest, horizon, n_columns = shape
    steps = longest + horizon
    at = places + longest - 1
    there = (at >= 0) & (at < steps)
    cells = (codes[there] * steps + at[there]) * n_columns + columns[there]
    size = n_series * steps * n_columns
    sums = np.bincount(cells, weights=values[there], minlength=size)
    counts = np.bincount(cells, minlength=size)
    means = np.divide(sums, counts, out=np.full(size, np.nan), where=counts > 0)
    whole = means.reshape(n_series, steps, n_columns)
    return whole[:, :longest], whole[:, longest:]
