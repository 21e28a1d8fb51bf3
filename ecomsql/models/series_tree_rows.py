"""Rows that trees learn from: windows of series, and a step after each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from ecomsql.models.series_batch import Longs, Matrix
from ecomsql.models.series_tree_inputs import TreeInputs
from ecomsql.models.series_watched import Watched
from ecomsql.models.window_draws import WindowDraws

MOST = 100_000
"""Rows that are watched, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class TreeRows:
    """What trees learn from, or are tried on.

    Attributes
    ----------
    told : float64 array, shape (n, n_inputs)
    came : float64 array, shape (n,)
        In units of the series, divided by `root`.
    root : float64 array, shape (n,)
        The root of the steps ahead, and how much a row counts: what is made small are the errors
        in units of the series.
    """

    told: Matrix
    came: Matrix
    root: Matrix

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.came)

    @classmethod
    def drawn(cls, inputs: TreeInputs, most: int, seed: int) -> Self:
        """Draw windows and a step ahead of each; no rows where no series has moved."""
        draw, horizon = WindowDraws(inputs.windows, seed), inputs.windows.horizon
        series, known = draw(min(most, draw.total * horizon))
        step = draw.steps(inputs.windows.batch.lengths[series] - known, horizon)
        told, came, unit = inputs.rows(series, known, step)
        root, there = np.sqrt(step), np.isfinite(came) & (unit > 0)
        return cls(told[there], (came / root)[there], root[there])

    @classmethod
    def watched(cls, inputs: TreeInputs, watch: Watched) -> tuple[Self, Longs]:
        """Take what was held back.

        Returns
        -------
        TreeRows
        int64 array, shape (n, 2)
            Where each row stands in ``watch.ahead``.
        """
        places = np.argwhere(np.isfinite(watch.ahead))
        if len(places) > MOST:
            places = places[np.linspace(0, len(places) - 1, MOST).astype(np.int64)]
        series, step = watch.rows[places[:, 0]], places[:, 1] + 1
        told = inputs.rows(series, inputs.windows.batch.lengths[series], step)[0]
        root = np.sqrt(step)
        return cls(told, watch.ahead[places[:, 0], places[:, 1]] / root, root), places
