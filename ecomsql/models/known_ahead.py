"""What is known of the steps ahead: promotions, prices, holidays, places in the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.series_batch import Longs, SeriesBatch

Cube = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Numbers beside each value of series, which are known ahead too.

    Attributes
    ----------
    past : float64 array, shape (n_series, longest, n_columns)
        Beside the values of a :class:`SeriesBatch`, aligned to the right as they are.
    ahead : float64 array, shape (n_series, horizon, n_columns)
        Beside the steps to forecast. NaN where nothing is known, in both.
    """

    past: Cube
    ahead: Cube

    @property
    def columns(self) -> int:
        """Return the number of columns."""
        return int(self.past.shape[2])

    def check(self, batch: SeriesBatch, horizon: int) -> None:
        """Raise ValueError unless it stands beside the series and `horizon` steps."""
        past, ahead = (*batch.values.shape, self.columns), (len(batch), horizon, self.columns)
        if self.past.shape != past or self.ahead.shape != ahead:
            told = f"{self.past.shape} and {self.ahead.shape}"
            raise ValueError(f"known has the shapes {told}, not {past} and {ahead}")

    def take(self, rows: Longs, longest: int) -> Self:
        """Return what stands beside some of the series, of which the longest has `longest`."""
        return type(self)(self.past[rows, self.past.shape[1] - longest :], self.ahead[rows])

    def before(self, h: int) -> Self:
        """Return what was known `h` steps ago of the `h` steps since, for backtests."""
        width = self.past.shape[1] - h
        return type(self)(self.past[:, :width], self.past[:, width:])

    def joined(self) -> Cube:
        """Return past and ahead as one, shape (n_series, longest + horizon, n_columns)."""
        return np.concatenate([self.past, self.ahead], axis=1)
