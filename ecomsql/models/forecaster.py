"""What every forecaster can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.series_batch import Longs, Matrix, SeriesBatch
from ecomsql.models.workers import workers

LARGEST = 1e300
"""No answer is larger."""


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """What comes after each series of a batch.

    Attributes
    ----------
    mean : float64 array, shape (n_series, horizon)
        Finite.
    sd : float64 array, shape (n_series, horizon)
        Standard deviations of the errors to expect, finite and 0 or more.
    label : list of str, one a series
        Which model answered, like ``ets(A,Ad,M)``.
    status : list of str, one a series
        ``ok``, or why a simpler answer was given.
    fitted : float64 array, shape (n_series, longest), or None
        What would have been forecast one step ahead, aligned as the batch; NaN where nothing.
    """

    mean: Matrix
    sd: Matrix
    label: list[str]
    status: list[str]
    fitted: Matrix | None = None


class Forecaster(ABC):
    """Forecasts many series at once.

    What one series is told does not depend on the others, unless the method is global.
    """

    method: ClassVar[str]
    """Name in SQL: the stem of the file."""

    is_global: ClassVar[bool] = False
    """Whether it learns from all series together what it tells each."""

    uses_known: ClassVar[bool] = False
    """Whether it can use what is known of the steps ahead, as a keyword `known`."""

    cells: ClassVar[int] = 4_000_000
    """About how many values are looked at at once, for memory."""

    most: ClassVar[int] = 50_000
    """How many series."""

    @classmethod
    def forecast(cls, batch: SeriesBatch, horizon: int, *, seed: int, **options: Any) -> Forecast:
        """Say what comes next.

        Series are handled in groups of one season and falling length, each divided by a power of
        two so that its values are near 1. Any finite values and any length from 1 on are answered
        with finite numbers; where a method has none, with the last value, and `status` says so.

        Parameters
        ----------
        batch : SeriesBatch
        horizon : int
            Steps to look ahead, 1 or more.
        seed : int
            For methods that draw: same series and same seed give the same answer.
        **options
            Of the method.
        """
        return cls._by_groups(
            batch, horizon, lambda _, part: cls._forecast(part, horizon, seed=seed, **options)
        )

    @classmethod
    def _by_groups(
        cls, batch: SeriesBatch, horizon: int, told: Callable[[Longs, SeriesBatch], Forecast]
    ) -> Forecast:
        """Ask `told`, group by group, about the rows and the series of values near 1."""
        mean, sd = np.empty((2, len(batch), horizon))
        fitted = np.full(batch.values.shape, np.nan)
        label, status = [""] * len(batch), ["ok"] * len(batch)
        scale = power_of_two(batch)

        def answer(rows: Longs) -> None:
            part = batch.take(rows)
            small = SeriesBatch(part.values / scale[rows, None], part.lengths, part.season)
            with np.errstate(all="ignore"):
                found = finite(small, told(rows, small))
            mean[rows], sd[rows] = found.mean, found.sd
            if found.fitted is not None:
                fitted[rows, -part.values.shape[1] :] = found.fitted * scale[rows, None]
            for row, name, state in zip(rows.tolist(), found.label, found.status, strict=True):
                label[row], status[row] = name, state

        groups = list(batch.groups(cells=cls.cells, most=cls.most))
        if len(groups) == 1:
            answer(groups[0])
        else:
            with workers() as spread:
                spread(answer, groups)
        fitted[~np.isfinite(fitted)] = np.nan
        with np.errstate(over="ignore"):
            mean = np.clip(mean * scale[:, None], -LARGEST, LARGEST)
            sd = np.minimum(sd * scale[:, None], LARGEST)
        return Forecast(mean, sd, label, status, fitted)

    @classmethod
    @abstractmethod
    def _forecast(cls, batch: SeriesBatch, horizon: int, *, seed: int, **options: Any) -> Forecast:
        """Say what comes after series of one season, the longest first, of values near 1.

        May divide by zero and the like; what is not finite is replaced by :meth:`forecast`.
        """


def finite(batch: SeriesBatch, found: Forecast) -> Forecast:
    """Replace answers that are not finite by the last value, and tell so."""
    told = np.isfinite(found.mean) & np.isfinite(found.sd)
    wrong: NDArray[np.bool_] = ~np.asarray(told.all(axis=1))
    if not wrong.any():
        return found
    rows = wrong[:, None]
    steps = np.sqrt(np.arange(1, found.mean.shape[1] + 1))
    return Forecast(
        np.where(rows, batch.values[:, -1:], found.mean),
        np.where(rows, naive_spread(batch)[:, None] * steps, found.sd),
        ["naive" if bad else name for bad, name in zip(wrong, found.label, strict=True)],
        ["no finite answer" if bad else one for bad, one in zip(wrong, found.status, strict=True)],
        None if found.fitted is None else np.where(rows, np.nan, found.fitted),
    )


def naive_spread(batch: SeriesBatch) -> Matrix:
    """Return the root of the mean square of the steps of each series; 0 for one value alone."""
    steps = np.nan_to_num(np.diff(batch.values, axis=1))
    spread: Matrix = np.sqrt((steps**2).sum(axis=1) / np.maximum(batch.lengths - 1, 1))
    return spread


def power_of_two(batch: SeriesBatch) -> Matrix:
    """Return a power of two near the largest value of each series: division by it is exact."""
    largest = np.nanmax(np.abs(batch.values), axis=1, initial=0.0)
    _, exponent = np.frexp(np.where(largest > 0, largest, 1.0))
    scale: Matrix = np.ldexp(np.ones(len(batch)), np.clip(exponent, -1000, 1000))
    return scale
