"""What training watches: windows at the ends of series, and what came after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from ecomsql.models.series_batch import Longs, Matrix
from ecomsql.models.series_windows import Cut, Windows


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """Ends of series of which something was held back.

    Attributes
    ----------
    rows : int64 array, shape (n,)
        The series.
    cut : Cut
        Their last windows.
    ahead : float64 array, shape (n, horizon)
        What came, from the last value and in units of the series; NaN where nothing was held back.
    """

    rows: Longs
    cut: Cut
    ahead: Matrix

    @classmethod
    def of(cls, windows: Windows, ahead: Matrix) -> Self | None:
        """Take those that have moved; None where none has or nothing was held back.

        Parameters
        ----------
        windows : Windows
            Of the series without what was held back.
        ahead : float64 array, shape (n_series, horizon)
        """
        moved = windows.ends().unit > 0
        rows = np.flatnonzero(moved & np.isfinite(ahead[:, 0]))
        if not len(rows):
            return None
        cut = windows.cut(rows, windows.batch.lengths[rows])
        return cls(rows, cut, (ahead[rows] - cut.last[:, None]) / cut.unit[:, None])
