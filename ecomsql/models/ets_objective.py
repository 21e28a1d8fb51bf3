"""The loss of many exponential smoothing models, each with its series, and its slopes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.ets_filter import backward, forward
from ecomsql.models.ets_lanes import EtsLanes
from ecomsql.models.ets_loss import ets_loss
from ecomsql.models.ets_point import ANGLES, lanes_of, slopes_of
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Longs, Matrix
from ecomsql.progress import checkpoint

FEWER = 0.8
"""Share of the models still at work below which the others are left out of the arrays."""
FIRST = 10
"""Values that the first states matter for."""


class EtsObjective:
    """Minus twice the log-likelihood by points; see :mod:`ecomsql.models.ets_point`.

    Parameters
    ----------
    series : Ragged
    rows : int64 array, shape (n_models,)
        The series of each model, rising.
    trends : object array, shape (n_models,)
        The trend of each.
    error, season : str
        Those of all.
    steepest : float
        What beta is at most.
    """

    def __init__(
        self,
        series: Ragged,
        rows: Longs,
        trends: NDArray[np.object_],
        error: str,
        season: str,
        steepest: float,
    ) -> None:
        self._series, self._rows, self._trends = series, rows, trends
        self._error, self._season, self._steepest = error, season, steepest
        self._held, self._some = np.arange(len(rows)), series.take(rows)

    def __call__(self, points: Matrix, lanes: Longs) -> tuple[Matrix, Matrix]:
        """Return values and slopes of some models; arrays shrink with the models at work."""
        if len(lanes) < FEWER * len(self._held):
            self._held, self._some = lanes, self._series.take(self._rows[lanes])
        if len(lanes) == len(self._held):
            return self._all(points)
        wide = np.ones((len(self._held), points.shape[1]))
        at = np.searchsorted(self._held, lanes)
        wide[at] = points
        values, slopes = self._all(wide)
        return values[at], slopes[at]

    def _all(self, points: Matrix) -> tuple[Matrix, Matrix]:
        trends, models = self._trends[self._held], self._models(points)
        path = forward(self._some, models, self._season)
        values, direct = ets_loss(self._some, path, self._error)
        by = backward(self._some, models, path, direct, self._season)
        slopes = slopes_of(points, trends, self._steepest, by)
        return values, np.nan_to_num(slopes, posinf=0.0, neginf=0.0)

    def values(self, points: Matrix) -> Matrix:
        """Return the values of all models, without slopes."""
        path = forward(self._some, self._models(points), self._season)
        return ets_loss(self._some, path, self._error)[0]

    def _models(self, points: Matrix) -> EtsLanes:
        # Each look at the series begins here.
        checkpoint()
        trends = self._trends[self._held]
        return lanes_of(points, trends, self._steepest, season=self._season != "N")

    def relative(self, points: Matrix, inverse: Matrix) -> Matrix:
        """Return inverses of second derivatives for relative errors, given those for others.

        The first states matter for the first values, so these are what errors are relative to.
        """
        errors = forward(self._some, self._models(points), self._season).errors
        share = errors / (self._some.values - errors)
        share = np.where(np.abs(share) < 10.0, share, 0.0)
        squares = np.einsum("tl,tl->l", errors, errors)
        size = self._some.values[:FIRST].sum(axis=0) / np.minimum(self._some.lengths, FIRST)
        ratio = np.einsum("tl,tl->l", share, share) * size**2 / np.maximum(squares, 1e-300)
        scale = np.ones(points.shape)
        scale[:, ANGLES:] = np.sqrt(np.clip(ratio, 1e-6, 1e6))[:, None]
        return inverse * scale[:, :, None] * scale[:, None, :]
