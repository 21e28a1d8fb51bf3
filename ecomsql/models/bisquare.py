"""Less weight for what lies far off."""

from __future__ import annotations

import numpy as np

from ecomsql.models.series_batch import Longs, Matrix

FAR = 6.0
"""Medians of the distances from which on a value has no weight."""
NOTHING = 1e-9
"""A median of less than this share of the mean is none but rounding."""


def bisquare_weights(distances: Matrix, counts: Longs, *, by_mean: bool = False) -> Matrix:
    """Return weights from 1, where a distance is small, to 0, at six times their median.

    With the edges of the Fortran of STL (Cleveland, Cleveland, McRae, Terpenning, 1990). Where the
    median is 0, as most of a series is met exactly, the mean stands in for it.

    Parameters
    ----------
    distances : float64 array, shape (longest, n_series)
        0 or more; inf where there is no value.
    counts : int64 array, shape (n_series,)
        Values of each series.
    by_mean : bool, default False
        Whether six times the mean is far, not the median: of distances from a line that wild values
        have bent, less of the others are.

    Returns
    -------
    float64 array, shape (longest, n_series)
        0 where there is no value.
    """
    there = np.isfinite(distances)
    mean = np.where(there, distances, 0.0).sum(axis=0) / np.maximum(counts, 1)
    if by_mean:
        reach = FAR * mean
    else:
        median = median_of_first(np.sort(distances.T, axis=1), counts)
        reach = FAR * np.where(median > NOTHING * mean, median, mean)
    share = np.divide(
        distances, reach, out=np.where(there, 0.0, np.inf), where=there & (reach > 0.0)
    )
    weights: Matrix = np.square(1.0 - np.square(np.minimum(share, 1.0)))
    weights[share <= 0.001] = 1.0
    weights[share > 0.999] = 0.0
    return weights


def median_of_first(ascending: Matrix, counts: Longs) -> Matrix:
    """Return the median of the first values of each row, which ascend; 0 where there are none.

    Parameters
    ----------
    ascending : float64 array, shape (n_series, longest)
    counts : int64 array, shape (n_series,)
    """
    rows, most = np.arange(len(counts)), ascending.shape[1] - 1
    upper = ascending[rows, np.minimum(counts // 2, most)]
    lower = ascending[rows, np.clip(counts - counts // 2 - 1, 0, most)]
    return np.where(counts > 0, 0.5 * (upper + lower), 0.0)
