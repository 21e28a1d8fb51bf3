"""STL: series as a trend, a season, and what remains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecomsql.models.bisquare import bisquare_weights
from ecomsql.models.local_lines import LocalLines
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Matrix

PASSES = 5
"""How often season and trend are found in turn, when every value counts alike."""
ROBUST_PASSES = 2
ROUNDS = 15
"""How often values are weighed anew by what remained of them."""
NO_SEASON = 15
"""Values that a trend is made of where there is no season."""


@dataclass(frozen=True, slots=True)
class Windows:
    """How many values the smooth lines of STL are made of, each an odd number.

    Attributes
    ----------
    season : int
        Seasons that a value of the season is learned from; 7 or more.
    trend : int or None
        None: what Cleveland and others take, the next odd number from 1.5 seasons / (1 - 1.5 /
        `season`) on, and :data:`NO_SEASON` without a season.
    """

    season: int = 7
    trend: int | None = None

    def of_trend(self, season: int) -> int:
        """Return the width of the trend of series with so many steps a season."""
        if self.trend is not None:
            return self.trend
        return odd(1.5 * season / (1.0 - 1.5 / self.season)) if season > 1 else NO_SEASON


def stl(
    series: Ragged, known: Matrix, season: int, windows: Windows, *, robust: bool
) -> tuple[Matrix, Matrix]:
    """Decompose series of one season and two of them at least, or of none.

    Cleveland, Cleveland, McRae, Terpenning: STL: A seasonal-trend decomposition procedure based on
    loess, 1990; lines everywhere, and every place computed, none in between interpolated.

    Parameters
    ----------
    series : Ragged
        Values near 1.
    known : float64 array, shape (longest, n_series)
        What each value counts: 1, less where it fills a gap, 0 after the end.
    season : int
        1: a trend alone.
    windows : Windows
    robust : bool
        Whether values that are far from trend and season lose their weight, in 15 rounds.

    Returns
    -------
    trend, seasonal : float64 arrays, shape (longest, n_series)
        Of no meaning after the end of a series.
    """
    values, whole = series.values, known == 1.0
    counts = whole.sum(axis=0)
    parts = Smoothers(series, season, windows)
    weights, passes = known, ROBUST_PASSES if robust else PASSES
    trend = np.zeros_like(values)
    seasonal = np.zeros_like(values)
    for left in range(ROUNDS if robust else 0, -1, -1):
        for _ in range(passes if season > 1 else 1):
            if season > 1:
                seasonal = parts.season_of(values - trend, weights)
            trend = parts.trend.smooth(values - seasonal, weights)
        if left:
            distances = np.where(whole, np.abs(values - trend - seasonal), np.inf)
            weights = np.where(whole, bisquare_weights(distances, counts), known)
    return trend, seasonal


class Smoothers:
    """The smooth lines that a group of series takes.

    Attributes
    ----------
    trend : LocalLines
    """

    def __init__(self, series: Ragged, season: int, windows: Windows) -> None:
        self.trend = LocalLines.of(series.lengths, windows.of_trend(season))
        self._season = season
        self._even = np.ones_like(series.values)
        if season > 1:
            self._even[np.arange(len(self._even))[:, None] >= series.lengths] = 0.0
            self._low = LocalLines.of(series.lengths, odd(season + 1))
            phases = np.arange(season)[:, None]
            lengths = (series.lengths - phases + season - 1) // season
            self._cycles = LocalLines.of(lengths.ravel(), windows.season, beyond=1)

    def season_of(
        self, values: Matrix, weights: Matrix, *, degree: int = 1, own: bool = True
    ) -> Matrix:
        """Return what the season adds: the smooth values of each of its phases, less their level.

        Parameters
        ----------
        values, weights : float64 arrays, shape (longest, n_series)
            Values without the trend.
        degree : int, default 1
            1, phases move along a line; 0, they stay.
        own : bool, default True
            Whether a value counts in its own phase at its own season; it does in their level.
        """
        phases, counts = self._by_phase(values), self._by_phase(weights)
        cycle = self._in_time(self._cycles.smooth(phases, counts, degree=degree), values)
        season, longest = self._season, len(values)
        level = self._low.smooth(_mean(_mean(_mean(cycle, season), season), 3), self._even)
        if not own:
            others = self._cycles.smooth(phases, counts, degree=degree, own=False)
            cycle = self._in_time(others, values)
        return cycle[season : season + longest] - level

    def _in_time(self, phases: Matrix, values: Matrix) -> Matrix:
        """Return smooth phases as they follow in time, from a season before the first value on."""
        longest, n = values.shape
        return phases.reshape(-1, n)[: longest + 2 * self._season]

    def _by_phase(self, values: Matrix) -> Matrix:
        """Return values a season later in the next row, a column for each phase and series."""
        season, (longest, n) = self._season, values.shape
        missing = -longest % season
        if missing:
            values = np.concatenate([values, np.zeros((missing, n))])
        return values.reshape(-1, season * n)


def _mean(values: Matrix, width: int) -> Matrix:
    """Return means of so many values in a row."""
    sums = np.cumsum(np.concatenate([np.zeros((1, values.shape[1])), values]), axis=0)
    means: Matrix = (sums[width:] - sums[:-width]) / width
    return means


def odd(number: float) -> int:
    """Return the next odd number."""
    whole = int(np.ceil(number))
    return whole + 1 - whole % 2
