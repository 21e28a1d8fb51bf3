"""What the others of a series say of each value."""

from __future__ import annotations

import numpy as np

from ecomsql.models.bisquare import bisquare_weights
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Matrix
from ecomsql.models.stl import ROBUST_PASSES, Smoothers, Windows

ROUNDS = 5


def said_by_others(series: Ragged, known: Matrix, season: int, windows: Windows) -> Matrix:
    """Return trend and season at each value as its neighbours have them.

    The decomposition of :func:`~ecomsql.models.stl.stl` with phases that stay at a level. There, a
    value draws trend and season towards itself, the more the fewer seasons there are, so that too
    little of it remains, unless it was given no weight. Here what remains, by which values are
    weighed too, is the distance from lines that the value has no part in: so errors of all values
    have one spread (deleted residuals: Belsley, Kuh, Welsch: Regression diagnostics, 1980).

    Parameters
    ----------
    series : Ragged
        Values near 1.
    known : float64 array, shape (longest, n_series)
        What each value counts: 1, less where it fills a gap, 0 after the end.
    season : int
        1: a trend alone. Otherwise two seasons of each series at least.
    windows : Windows

    Returns
    -------
    float64 array, shape (longest, n_series)
    """
    values, whole = series.values, known == 1.0
    counts, weights = whole.sum(axis=0), known
    parts = Smoothers(series, season, windows)
    trend, seasonal = np.zeros((2, *values.shape))
    for left in range(ROUNDS, -1, -1):
        for _ in range(ROBUST_PASSES if season > 1 else 1):
            if season > 1:
                seasonal = parts.season_of(values - trend, weights, degree=0)
            trend = parts.trend.smooth(values - seasonal, weights)
        others = parts.trend.smooth(values - seasonal, weights, own=False)
        if season > 1:
            others = others + parts.season_of(values - trend, weights, degree=0, own=False)
        if left:
            distances = np.where(whole, np.abs(values - others), np.inf)
            weights = bisquare_weights(distances, counts, by_mean=left == ROUNDS)
            weights = np.where(whole, weights, known)
    return others
