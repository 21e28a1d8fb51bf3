"""Trend and season of many series of any lengths and seasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ecomsql.models.bisquare import median_of_first
from ecomsql.models.forecaster import power_of_two
from ecomsql.models.left_out import said_by_others
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Longs, Matrix, SeriesBatch
from ecomsql.models.stl import Windows, odd, stl
from ecomsql.models.workers import workers

CELLS = 50_000
"""Values that a thread decomposes at once: what its work takes fits into the processor's caches."""
LARGEST = float(np.finfo(np.float64).max)
FILLED = 0.1
"""What a value counts that only fills a gap."""
STEADY_SEASONS, STEADY_TREND, SHORTEST_TREND = 35, 3, 31
"""Where a value is to be told by others: seasons that a phase is learned from; seasons, and values
at least, that a trend is made of."""

Parts = Callable[[Ragged, Matrix, int], tuple[Matrix, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Decomposition:
    """Parts of the series of a batch, aligned as it is; what the two leave is the remainder.

    Attributes
    ----------
    trend, seasonal : float64 arrays, shape (n_series, longest)
        Finite within a series, NaN in front. The season is 0 where there is none.
    """

    trend: Matrix
    seasonal: Matrix

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""
        return self.trend.nbytes + self.seasonal.nbytes


def decompose(
    batch: SeriesBatch,
    *,
    known: Matrix | None = None,
    windows: Windows | None = None,
    robust: bool = True,
) -> Decomposition:
    """Take each series apart by :func:`~ecomsql.models.stl.stl`.

    A series shorter than two seasons has none, only a trend. A constant is its own trend. What one
    series is told does not depend on the others, but for rounding.

    Parameters
    ----------
    batch : SeriesBatch
        Of any finite values.
    known : float64 array, shape (n_series, longest), optional
        1 where a value is one of the data, 0 where it fills a gap and counts less; default: all
        are of the data.
    windows : Windows, optional
        How many values smooth lines are made of; default: those of STL.
    robust : bool, default True
        Whether values far off lose their weight, so that they stand out in the remainder.
    """

    def parts(series: Ragged, counts: Matrix, season: int) -> tuple[Matrix, ...]:
        return stl(series, counts, season, windows or Windows(), robust=robust)

    return Decomposition(*_by_group(batch, known, parts, 2))


def expected_by_others(batch: SeriesBatch, *, known: Matrix | None = None) -> Matrix:
    """Return what :func:`~ecomsql.models.left_out.said_by_others` expects of each value.

    Parameters are those of :func:`decompose`.

    Returns
    -------
    float64 array, shape (n_series, longest)
        Finite within a series, NaN in front.
    """

    def parts(series: Ragged, counts: Matrix, season: int) -> tuple[Matrix, ...]:
        trend = max(odd(STEADY_TREND * season), SHORTEST_TREND)
        return (said_by_others(series, counts, season, Windows(STEADY_SEASONS, trend)),)

    return _by_group(batch, known, parts, 1)[0]


def _by_group(batch: SeriesBatch, known: Matrix | None, parts: Parts, n_parts: int) -> list[Matrix]:
    """Compute parts, of which the first is a level, of series near 1 whose median is 0."""
    scale = power_of_two(batch)[:, None]
    season = np.where(batch.lengths >= 2 * batch.season, batch.season, 1)
    small = batch.values / scale
    # The median of a series that is mostly constant is exact.
    middle = median_of_first(np.sort(small, axis=1), batch.lengths)[:, None]
    counts = np.where(np.isfinite(small), 1.0 if known is None else known, np.nan)
    counts[counts == 0.0] = FILLED
    near = SeriesBatch(small - middle, batch.lengths, season)
    found = np.full((n_parts, *small.shape), np.nan)

    def answer(rows: Longs) -> None:
        part = near.take(rows)
        width = part.values.shape[1]
        counted = SeriesBatch(counts[rows, -width:], part.lengths, part.season)
        series = Ragged.from_batch(part)
        told = parts(series, Ragged.from_batch(counted).values, int(part.season[0]))
        for whole, one in zip(found, told, strict=True):
            whole[rows, -width:] = series.aligned(one)

    with workers() as spread:
        spread(answer, near.groups(cells=CELLS))
    found[0] += middle
    with np.errstate(over="ignore"):
        return [np.clip(one * scale, -LARGEST, LARGEST) for one in found]
