"""Draws windows of series to learn from."""

from __future__ import annotations

import numpy as np

from ecomsql.models.series_batch import Longs
from ecomsql.models.series_windows import Windows

FIRST = 2
"""Values that a window knows at least: one step of the series."""


class WindowDraws:
    """Moments of series at random, those before each value but the first :data:`FIRST`.

    In half of the draws every moment has the same chance, in the other every series, so that the
    long ones are not all that is learned from.
    """

    def __init__(self, windows: Windows, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        count = np.maximum(windows.batch.lengths - FIRST, 0)
        self._series = np.flatnonzero(count)
        self._count = count[self._series]
        self._sums = np.cumsum(self._count)

    @property
    def total(self) -> int:
        """Return how many there are."""
        return int(self._count.sum())

    def __call__(self, size: int) -> tuple[Longs, Longs]:
        """Return the series of `size` moments, and the values that are known of each by then."""
        any_moment = self._random.integers(self.total, size=size - size // 2)
        any_series = self._random.integers(len(self._series), size=size // 2)
        at = np.concatenate([np.searchsorted(self._sums, any_moment, side="right"), any_series])
        known = FIRST + np.floor(self._random.random(size) * self._count[at]).astype(np.int64)
        return self._series[at], known

    def steps(self, left: Longs, horizon: int) -> Longs:
        """Return a step for each, from 1 up to what is `left` of its series or the horizon."""
        most = np.minimum(left, horizon)
        return 1 + np.floor(self._random.random(len(left)) * most).astype(np.int64)
