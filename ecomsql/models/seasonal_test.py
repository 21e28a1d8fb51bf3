"""Whether series repeat themselves from season to season."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Matrix

ONE_IN_TEN = 1.6448536269514722
"""The normal quantile of a two-sided test at 10 %."""


def autocorrelations(series: Ragged, lags: int) -> Matrix:
    """Return the autocorrelations at lags 1 to `lags`, shape (lags, n_series).

    Sums are divided by the sum of squares of the whole series; 0 for a constant one.
    """
    there = np.arange(len(series.values))[:, None] < series.lengths
    mean = series.values.sum(axis=0) / series.lengths
    centred = np.where(there, series.values - mean, 0.0)
    total = (centred**2).sum(axis=0)
    products = [(centred[lag:] * centred[:-lag]).sum(axis=0) for lag in range(1, lags + 1)]
    return np.stack(products) / np.where(total > 0, total, np.inf)


def seasonal(series: Ragged, season: int) -> NDArray[np.bool_]:
    """Test for a season, shape (n_series,), as the theta method's authors do.

    The autocorrelation at the length of the season against its spread given those at shorter lags
    (Bartlett's formula), at 10 % (Assimakopoulos and Nikolopoulos, The theta model, 2000). Never
    for seasons shorter than 4 and series shorter than two seasons.
    """
    if season < 4 or len(series.values) < 2 * season:
        return np.zeros(len(series.lengths), dtype=np.bool_)
    found = autocorrelations(series, season)
    spread = np.sqrt((1.0 + 2.0 * (found[:-1] ** 2).sum(axis=0)) / series.lengths)
    passed: NDArray[np.bool_] = np.abs(found[-1]) > ONE_IN_TEN * spread
    return passed & (series.lengths >= 2 * season)
