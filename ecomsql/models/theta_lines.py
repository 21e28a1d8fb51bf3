"""The straight lines of the theta model: one for all of a series, or one up to each time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Longs, Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Level and slope of the line that is known when a time is to be forecast.

    Attributes
    ----------
    level, slope : float64 arrays, shape (longest, n_series)
        Row ``t`` is for the forecast of row ``t``; times are counted from 1.
    mean : float64 array, shape (n_series,)
        Of the values of each series.
    dynamic : bool
        Whether lines change from time to time.
    """

    level: Matrix
    slope: Matrix
    mean: Matrix
    dynamic: bool

    @classmethod
    def static(cls, series: Ragged) -> Lines:
        """Return least squares lines through whole series."""
        n, values = series.lengths, series.values
        mean = values.sum(axis=0) / n
        weighted = (np.arange(1, len(values) + 1) @ values) / n
        slope = 6.0 * (2.0 * weighted - (n + 1) * mean) / np.maximum(n**2 - 1, 1)
        level = mean - (n + 1) * slope / 2.0
        return cls(
            np.broadcast_to(level, values.shape),
            np.broadcast_to(slope, values.shape),
            mean,
            dynamic=False,
        )

    @classmethod
    def of_past(cls, series: Ragged) -> Lines:
        """Return, for each time, the line through what came before it (Fiorucci et al., 2016)."""
        values = series.values
        level, slope = np.zeros_like(values), np.zeros_like(values)
        mean = values[0].copy()
        level[0] = mean
        a, b = mean.copy(), np.zeros_like(mean)
        for t in range(1, len(values)):
            k = series.counts[t]
            level[t, :k], slope[t, :k] = a[:k], b[:k]
            a[:k], b[:k], mean[:k] = next_line(t, b[:k], mean[:k], values[t, :k])
        return cls(level, slope, mean, dynamic=True)

    def take(self, columns: slice | Longs) -> Lines:
        """Return the lines of some series."""
        return Lines(
            self.level[:, columns], self.slope[:, columns], self.mean[columns], self.dynamic
        )

    def after(self, series: Ragged) -> tuple[Matrix, Matrix]:
        """Return level and slope once all of each series is known, each of shape (n_series,)."""
        last = series.lengths - 1
        each = np.arange(len(last))
        level, slope = self.level[last, each], self.slope[last, each]
        if not self.dynamic:
            return level, slope
        final = series.values[last, each]
        one = last == 0
        before = (self.mean * (last + 1) - final) / np.maximum(last, 1)
        a, b, _ = next_line(last, slope, before, final)
        return np.where(one, level, a), np.where(one, slope, b)


def next_line(
    t: int | np.ndarray, slope: Matrix, mean: Matrix, value: Matrix
) -> tuple[Matrix, Matrix, Matrix]:
    """Return level, slope and mean after one more value, the one of row `t`."""
    after = (t * mean + value) / (t + 1)
    steeper = ((t - 1) * slope + 6.0 * (value - mean) / (t + 1)) / (t + 2)
    return after - steeper * (t + 2) / 2.0, steeper, after
