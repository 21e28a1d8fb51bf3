"""The last values of series held back, to see how good forecasts of them are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from ecomsql.models.known_ahead import Cube, Known
from ecomsql.models.series_batch import Longs, Matrix, SeriesBatch

SHARE = 3
"""At most one value in so many is held back."""


@dataclass(frozen=True, slots=True, eq=False)
class HeldBack:
    """Series without their last values, and these.

    Attributes
    ----------
    rest : SeriesBatch
        All series, those that are too short to hold anything back as they were.
    ahead : float64 array, shape (n_series, horizon)
        What was held back, the first first; NaN where nothing was.
    held : int64 array, shape (n_series,)
        How many were.
    """

    rest: SeriesBatch
    ahead: Matrix
    held: Longs

    @classmethod
    def of(cls, batch: SeriesBatch, horizon: int) -> Self:
        """Hold the last `horizon` values of each series back, or a third of shorter ones."""
        held = np.minimum(batch.lengths // SHARE, horizon)
        lengths = batch.lengths - held
        width = int(lengths.max(initial=1))
        values = _moved(batch.values, held, width, horizon)
        rest = np.where(np.arange(-width, 0) >= -lengths[:, None], values[:, :width], np.nan)
        return cls(SeriesBatch(rest, lengths, batch.season), values[:, width:], held)

    def beside(self, known: Known) -> Cube:
        """Return what is known beside the rest and what was held back, (n, width + horizon, c)."""
        return _moved(known.past, self.held, self.rest.values.shape[1], self.ahead.shape[1])


def _moved(values: Cube, held: Longs, width: int, horizon: int) -> Cube:
    """Move each row to the right by what was held back, which then follows the first `width`."""
    longest = values.shape[1]
    places = longest - held[:, None] + np.arange(-width, horizon)
    found: Cube = values[np.arange(len(values))[:, None], np.clip(places, 0, longest - 1)]
    found[(places < 0) | (places >= longest)] = np.nan
    return found
