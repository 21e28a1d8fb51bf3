"""What trees are told of a window of a series and a step after it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ecomsql.models.known_ahead import Cube
from ecomsql.models.series_batch import Longs, Matrix
from ecomsql.models.series_windows import Cut, Windows

LAGS = 12
"""Last values, one by one."""
MEANS = (2, 4, 8, 16, 32, 64)
"""Numbers of last values over which there are means."""
AHEAD_MEANS = (8, 32)
"""Numbers of last values with whose means what is known of a step is compared."""
BLOCK = 8_192
"""Rows that are made at once, for memory."""


def inputs_of(columns: int) -> int:
    """Return the number of inputs, given the columns that are known ahead."""
    return LAGS + 2 * len(MEANS) + 4 + 8 + (3 + len(AHEAD_MEANS)) * columns


@dataclass(frozen=True, eq=False)
class TreeInputs:
    """Rows for trees: a window of a series and one step after it.

    Attributes
    ----------
    windows : Windows
        Of two seasons at least, where there are seasons.
    beside : float64 array, shape (n_series, longest + horizon, n_columns), or None
        What is known beside the values and ahead of them.
    """

    windows: Windows
    beside: Cube | None = None

    def rows(self, series: Longs, known: Longs, step: Longs) -> tuple[Matrix, Matrix, Matrix]:
        """Return the rows of windows after `known` values of `series`, and of steps from 1 on.

        Returns
        -------
        float64 array, shape (n, n_inputs)
            NaN where something is not known.
        float64 array, shape (n,)
            What came, from the last value and in units of the series; NaN where nothing did.
        float64 array, shape (n,)
            The units; 0 where the series has never moved.
        """
        told, came, unit = [], [], []
        for start in range(0, max(len(series), 1), BLOCK):
            some = slice(start, start + BLOCK)
            cut = self.windows.cut(series[some], known[some])
            parts = [_of_window(cut), self._of_season(cut, series[some], step[some])]
            if self.beside is not None:
                parts.append(self._of_known(self.beside, series[some], known[some], step[some]))
            told.append(np.concatenate(parts, axis=1))
            came.append(cut.ahead[np.arange(len(step[some])), step[some] - 1])
            unit.append(cut.unit)
        return np.concatenate(told), np.concatenate(came), np.concatenate(unit)

    def _of_season(self, cut: Cut, series: Longs, step: Longs) -> Matrix:
        """Return the step, and what was one and two seasons before it."""
        season, width = self.windows.batch.season[series], cut.past.shape[1]
        back = season * -(-step // season)
        each, parts = np.arange(len(step)), [step, np.sqrt(step), np.log(season)]
        ago = []
        for times in (1, 2):
            place = width - 1 + step - back - (times - 1) * season
            found = cut.past[each, np.maximum(place, 0)]
            start = cut.past[each, np.maximum(width - 1 - back - (times - 1) * season, 0)]
            there = (place >= 0) & (season > 1)
            ago.append(np.where(there, found, np.nan))
            there &= width - 1 - back - (times - 1) * season >= 0
            parts += [ago[-1], np.where(there, found - start, np.nan)]
        return np.stack([*parts, (ago[0] + ago[1]) / 2.0], axis=1)

    def _of_known(self, beside: Cube, series: Longs, known: Longs, step: Longs) -> Matrix:
        """Return what is known of the step and of the last value, and differences from means."""
        batch = self.windows.batch
        last = batch.values.shape[1] - batch.lengths[series] + known - 1
        now, then = beside[series, last], beside[series, last + step]
        parts = [then, now, then - now]
        for count in AHEAD_MEANS:
            start = np.maximum(last + 1 - count, 0)
            sums = self._sums[series, last + 1] - self._sums[series, start]
            there = self._there[series, last + 1] - self._there[series, start]
            with np.errstate(all="ignore"):
                parts.append(then - sums / there)
        return np.concatenate(parts, axis=1)

    @cached_property
    def _sums(self) -> Cube:
        assert self.beside is not None
        return _running(np.nan_to_num(self.beside))

    @cached_property
    def _there(self) -> Cube:
        assert self.beside is not None
        return _running(np.isfinite(self.beside).astype(np.float64))


def _running(values: Cube) -> Cube:
    return np.pad(np.cumsum(values, axis=1), ((0, 0), (1, 0), (0, 0)))


def _of_window(cut: Cut) -> Matrix:
    """Return lags, means of the last values, how far they spread, and what the window is like."""
    n, width = cut.past.shape
    lags = np.full((n, LAGS), np.nan)
    some = cut.past[:, max(width - 1 - LAGS, 0) : width - 1][:, ::-1]
    lags[:, : some.shape[1]] = some
    parts = []
    there = np.isfinite(cut.past)
    values = np.where(there, cut.past, 0.0)
    for count in MEANS:
        many = there[:, -count:].sum(axis=1)
        mean = values[:, -count:].sum(axis=1) / many
        square = (values[:, -count:] ** 2).sum(axis=1) / many - mean**2
        full = many > count // 2
        parts += [
            np.where(full, mean, np.nan),
            np.where(full, np.sqrt(np.maximum(square, 0)), np.nan),
        ]
    size = np.where(cut.unit > 0, cut.last / cut.unit, 0.0)
    zeros = (values == (-size)[:, None]) & there
    parts += [
        np.log1p(cut.known),
        np.sign(size) * np.log1p(np.abs(size)),
        cut.ratio,
        zeros.sum(axis=1) / np.maximum(there.sum(axis=1), 1),
    ]
    return np.concatenate([lags, np.stack(parts, axis=1)], axis=1)
