"""Where each kind of model starts, for each series that it suits."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.ets_grid import GridStart, grid_start
from ecomsql.models.ets_spec import TRENDS
from ecomsql.models.ragged import Ragged
from ecomsql.models.seasonal_indices import seasonal_indices
from ecomsql.models.series_batch import Longs, Matrix


@dataclass(frozen=True, slots=True, eq=False)
class EtsStart:
    """Starts of one trend and one kind of season.

    Attributes
    ----------
    rows : int64 array, shape (n,)
        The series, rising.
    grid : GridStart
        Theirs.
    indices : float64 array, shape (season, n), or None
        First factors of a season that multiplies.
    """

    rows: Longs
    grid: GridStart
    indices: Matrix | None

    def take(self, some: NDArray[np.bool_]) -> EtsStart:
        """Return the starts of some of the series."""
        grid = GridStart(*(getattr(self.grid, one.name)[some] for one in fields(GridStart)))
        indices = None if self.indices is None else self.indices[:, some]
        return EtsStart(self.rows[some], grid, indices)


def ets_starts(
    series: Ragged, season: int, positive: NDArray[np.bool_], steepest: float
) -> dict[tuple[str, str], EtsStart]:
    """Return the starts by trend and kind of season.

    Seasons take two of them, and those that multiply positive values: the series divided by the
    indices of classical decomposition is what level and trend start from.
    """
    every = np.arange(len(series.lengths))
    long = every[(series.lengths >= 2 * season) & (season > 1)]
    some, both = series.take(long), long[positive[long]]
    found: dict[tuple[str, str], EtsStart] = {}
    for trend in TRENDS:
        found[trend, "N"] = EtsStart(every, grid_start(series, trend, 1, steepest), None)
        if len(long):
            found[trend, "A"] = EtsStart(long, grid_start(some, trend, season, steepest), None)
    if len(both):
        flat, indices = _divided(series.take(both), season)
        for trend in TRENDS:
            found[trend, "M"] = EtsStart(both, grid_start(flat, trend, 1, steepest), indices)
    return found


def _divided(series: Ragged, season: int) -> tuple[Ragged, Matrix]:
    indices = np.maximum(seasonal_indices(series, season, multiplicative=True), 0.01)
    at = np.arange(len(series.values)) % season
    return series.with_values(series.values / indices[at]), indices
