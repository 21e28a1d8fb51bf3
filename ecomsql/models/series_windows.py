"""Windows of series: what is known at a moment, and what comes after, in units of the series."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ecomsql.models.deseasonalised import Deseasonalised
from ecomsql.models.series_batch import Longs, Matrix, SeriesBatch

LARGEST = 100.0
"""Values of a window are at most this, in units of the series."""


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Windows that end at some moments of some series.

    Attributes
    ----------
    past : float64 array, shape (n, width)
        Values less the last, divided by `unit`; NaN in front of the series.
    ahead : float64 array, shape (n, horizon)
        What came, likewise; NaN where nothing did.
    last, unit : float64 arrays, shape (n,)
        The last value, and how large steps of the series are: the mean of the absolute steps
        within the window and of all up to its end, in equal shares (Hyndman, Koehler: Another look
        at measures of forecast accuracy, 2006). 0 where the series has never moved.
    known : int64 array, shape (n,)
        Values up to the end.
    ratio : float64 array, shape (n,)
        Steps within the window in parts of `unit`, 0 to 2.
    """

    past: Matrix
    ahead: Matrix
    last: Matrix
    unit: Matrix
    known: Longs
    ratio: Matrix


@dataclass(frozen=True, eq=False)
class Windows:
    """Series from which windows are cut.

    Attributes
    ----------
    batch : SeriesBatch
    width, horizon : int
        Values of a window, and steps after it.
    """

    batch: SeriesBatch
    width: int
    horizon: int

    @cached_property
    def _padded(self) -> Matrix:
        pad = ((0, 0), (self.width, self.horizon))
        return np.pad(self.batch.values, pad, constant_values=np.nan)

    @cached_property
    def _moved(self) -> Matrix:
        """Sums of absolute steps up to each place, shape (n_series, longest + 1)."""
        steps = np.abs(np.nan_to_num(np.diff(self.batch.values, axis=1)))
        return np.pad(np.cumsum(steps, axis=1), ((0, 0), (2, 0)))

    def cut(self, rows: Longs, known: Longs) -> Cut:
        """Cut windows out of series `rows`, of each after its first `known` values (1 or more)."""
        values, width = self._padded, self.width
        end = self.batch.values.shape[1] - self.batch.lengths[rows] + known
        places = end[:, None] + np.arange(width + self.horizon)
        whole = values[rows[:, None], places]
        last = whole[:, width - 1]
        moved = self._moved[rows, end]
        start = np.maximum(end - width + 1, 0)
        within = (moved - self._moved[rows, start]) / np.clip(known - 1, 1, width - 1)
        ever = moved / np.maximum(known - 1, 1)
        unit = (np.maximum(within, 0.0) + ever) / 2.0
        with np.errstate(all="ignore"):
            whole = np.clip((whole - last[:, None]) / unit[:, None], -LARGEST, LARGEST)
            ratio = np.where(unit > 0, np.maximum(within, 0.0) / unit, 0.0)
        return Cut(whole[:, :width], whole[:, width:], last, unit, known, ratio)

    def ends(self) -> Cut:
        """Cut the window at the end of each series."""
        return self.cut(np.arange(len(self.batch)), self.batch.lengths)


def without_season(batch: SeriesBatch, ahead: Matrix) -> tuple[SeriesBatch, Matrix]:
    """Take the season off series that have one, and off what comes after by their past alone.

    Parameters
    ----------
    batch : SeriesBatch
    ahead : float64 array, shape (n_series, steps)
        What comes after; NaN where nothing does. There may be no steps.

    Returns
    -------
    SeriesBatch, float64 array
        See :class:`~ecomsql.models.deseasonalised.Deseasonalised`.
    """
    values, after = batch.values.copy(), ahead.copy()
    for rows in batch.groups():
        flat = Deseasonalised.of(batch.take(rows))
        values[rows, values.shape[1] - flat.batch.values.shape[1] :] = flat.batch.values
        after[rows] = flat.off(ahead[rows])
    return SeriesBatch(values, batch.lengths, batch.season), after
