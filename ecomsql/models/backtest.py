"""Forecasts of what is known already, from earlier ends of the series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ecomsql.models.forecast_errors import forecast_errors
from ecomsql.models.forecasting import can_use_known, outlook
from ecomsql.models.known_ahead import Known
from ecomsql.models.series_batch import Longs, Matrix, SeriesBatch
from ecomsql.models.series_ends import known_of, windows_of
from ecomsql.progress import track

FEWEST = 2
"""Values that are known before a window, at least."""


@dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """Figures of one method in one window.

    Attributes
    ----------
    method : str
    fold : int
        1 is the oldest window.
    rows : int64 array, shape (n,)
        Series that are long enough.
    errors : dict of float64 arrays, shape (n,)
        See :func:`~ecomsql.models.forecast_errors.forecast_errors`.
    """

    method: str
    fold: int
    rows: Longs
    errors: dict[str, Matrix]

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""
        return int(self.rows.nbytes * (1 + len(self.errors)))


def backtest(
    methods: Sequence[str],
    batch: SeriesBatch,
    horizon: int,
    windows: int,
    *,
    level: float,
    seed: int,
    is_demand: bool,
    known: Known | None = None,
) -> list[Backtest]:
    """Forecast the last windows of each series, each from what was before it.

    A rolling origin (Tashman: Out-of-sample tests of forecasting accuracy, 2000): windows of
    `horizon` steps that do not overlap, of which the last ends where the series does. Methods are
    fitted again for every window, their intervals calibrated on what was before it.

    Parameters
    ----------
    methods : sequence of str
    batch : SeriesBatch
    horizon : int
        Steps of a window.
    windows : int
        How many; a shorter series has fewer.
    known : Known, optional
        For the methods that can use it; others do without.
    """
    found = []
    folds = [(name, fold) for fold in range(1, windows + 1) for name in methods]
    for name, fold in track(folds, "backtest"):
        back = (windows - fold) * horizon
        rows = np.flatnonzero(batch.lengths >= back + horizon + FEWEST)
        if not len(rows):
            continue
        ends = [(row, back) for row in rows.tolist()]
        before, truth = windows_of(batch, ends, horizon)
        beside = None
        if known is not None and can_use_known(name):
            beside = known_of(known, ends, horizon, before.values.shape[1])
        told = outlook(
            before,
            horizon,
            method=name,
            level=level,
            seed=seed,
            is_demand=is_demand,
            known=beside,
        )
        errors = forecast_errors(before, truth, told.mean, told.lower, told.upper)
        found.append(Backtest(name, fold, rows, errors))
    return found
