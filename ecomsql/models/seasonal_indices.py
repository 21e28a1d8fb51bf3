"""What each place in the season adds, or by what it multiplies: classical decomposition."""

from __future__ import annotations

import numpy as np

from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Matrix


def seasonal_indices(series: Ragged, season: int, *, multiplicative: bool) -> Matrix:
    """Return the indices of the places in the season, shape (season, n_series).

    The mean by place of what is left without a centred moving average of one season; normalised to
    a mean of 0, or of 1 where multiplicative (Hyndman and Athanasopoulos, Forecasting, 3.4). The
    first index is that of the first value of a series.

    Parameters
    ----------
    series : Ragged
        Two seasons or more of each, positive where multiplicative.
    season : int
        2 or more.
    multiplicative : bool
        Whether to divide by the moving average, instead of subtracting it.
    """
    trend, first = _moving_average(series.values, season)
    inner = series.values[first : first + len(trend)]
    left = inner / trend if multiplicative else inner - trend
    rows = first + np.arange(len(trend))
    # The average reaches as far past a value as before it.
    there = rows[:, None] < series.lengths - first
    sums, counts = np.zeros((2, season, len(series.lengths)))
    for place in range(season):
        some = rows % season == place
        sums[place] = np.where(there[some], left[some], 0.0).sum(axis=0)
        counts[place] = there[some].sum(axis=0)
    means = sums / np.maximum(counts, 1)
    middle = means.mean(axis=0)
    indices: Matrix = means / middle if multiplicative else means - middle
    return indices


def _moving_average(values: Matrix, season: int) -> tuple[Matrix, int]:
    """Return averages over a season, and the row of the first: that where the window is centred."""
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    averages = (sums[season:] - sums[:-season]) / season
    if season % 2 == 0:
        averages = (averages[1:] + averages[:-1]) / 2.0
    return averages, season // 2
