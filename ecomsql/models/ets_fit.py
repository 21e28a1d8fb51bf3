"""The best exponential smoothing model of each series, of all that are tried."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.batched_bfgs import minimise
from ecomsql.models.ets_filter import backward, forward
from ecomsql.models.ets_grid import GridStart, grid_start
from ecomsql.models.ets_loss import ets_loss
from ecomsql.models.ets_point import ANGLES, WIDEST, lanes_of, slopes_of, start_inverse, start_points, steepest
from ecomsql.models.ets_spec import TRENDS, EtsSpec, pools
from ecomsql.models.ragged import Ragged
from ecomsql.models.seasonal_indices import seasonal_indices
from ecomsql.models.series_batch import Longs, Matrix

CELLS = 2_000_000
"""Values looked at at once, for memory."""
LANES = 4096
"""Models looked at at once, so that a row of them stays in the cache."""
FIRST = 10
"""Values that the first states matter for."""
FEWER = 0.8
"""Share of the models still at work below which the others are left out of the arrays."""


@dataclass(frozen=True, slots=True, eq=False)
class EtsFit:
    """The best model of each series.

    Attributes
    ----------
    specs : list of EtsSpec
    points : float64 array, shape (n_series, 6 + season)
        See :mod:`ecomsql.models.ets_point`.
    criterion : float64 array, shape (n_series,)
        AICc, up to a constant; infinite where no model could be fitted.
    """

    specs: list[EtsSpec]
    points: Matrix
    criterion: Matrix


def fit_ets(series: Ragged, season: int) -> EtsFit:
    """Fit all admissible models to all series by maximum likelihood; the least AICc wins.

    Parameters
    ----------
    series : Ragged
        Values near 1 in size; not constant.
    season : int
        1 for none.
    """
    search = _Search(series, season)
    for error, kind in pools(season):
        search.pool(error, kind)
    return EtsFit(search.specs, search.points, search.criterion)


class _Search:
    """What is the best so far; models that cannot get there are given up."""

    def __init__(self, series: Ragged, season: int) -> None:
        n = len(series.lengths)
        self.series, self.season, self.steepest = series, season, steepest(season)
        there = np.arange(len(series.values))[:, None] < series.lengths
        self.positive = np.where(there, series.values, np.inf).min(axis=0) > 0
        self.long = series.lengths >= 2 * season
        self.specs = [EtsSpec("A", "N", "N")] * n
        self.points = np.zeros((n, ANGLES + 2 + (season if season > 1 else 0)))
        self.criterion = np.full(n, np.inf)
        self.starts = self._starts()
        self.polished: dict[tuple[str, str], Matrix] = {}
        self.least = np.full(n, np.inf)
        for (trend, kind), (_, start, _) in self.starts.items():
            if kind == "M":
                continue
            spec = EtsSpec("A", trend, kind)
            rows = self.starts[trend, kind][0]
            with np.errstate(all="ignore"):
                loss = series.lengths[rows] * np.log(start.squares)
            loss = np.where(np.isfinite(loss), loss, np.inf) + self._penalty(spec)[rows]
            self.least[rows] = np.minimum(self.least[rows], loss)

    def _starts(self) -> dict[tuple[str, str], tuple[Longs, GridStart, Matrix | None]]:
        """Return, by trend and season, which series have a start, the start, and indices."""
        found: dict[tuple[str, str], tuple[Longs, GridStart, Matrix | None]] = {}
        every = np.arange(len(self.series.lengths))
        rows = np.flatnonzero(self.long) if self.season > 1 else every[:0]
        some = self.series.take(rows)
        both = rows[self.positive[rows]]
        flat, indices = self._flat(self.series.take(both))
        for trend in TRENDS:
            found[trend, "N"] = every, grid_start(self.series, trend, 1, self.steepest), None
            if len(rows):
                found[trend, "A"] = rows, grid_start(some, trend, self.season, self.steepest), None
            if len(both):
                found[trend, "M"] = both, grid_start(flat, trend, 1, self.steepest), indices
        return found

    def _flat(self, series: Ragged) -> tuple[Ragged, Matrix]:
        if not len(series.lengths):
            return series, np.zeros((self.season, 0))
        indices = seasonal_indices(series, self.season, multiplicative=True)
        indices = np.maximum(indices, 0.01)
        at = np.arange(len(series.values)) % self.season
        return series.with_values(series.values / indices[at]), indices

    def _penalty(self, spec: EtsSpec) -> Matrix:
        k, n = spec.parameters(self.season), self.series.lengths
        left = n - k - 1
        return np.where(left > 0, 2.0 * k + 2.0 * k * (k + 1) / np.maximum(left, 1), np.inf)

    def pool(self, error: str, kind: str) -> None:
        """Fit the models of one error and one kind of season, whatever their trend."""
        lanes, trends, points, inverses = [], [], [], []
        for trend in TRENDS:
            if (trend, kind) not in self.starts:
                return
            rows, start, indices = self.starts[trend, kind]
            use = np.isfinite(self._penalty(EtsSpec(error, trend, kind)))[rows]
            use &= self.positive[rows] | (error == "A")
            some = GridStart(
                *(getattr(start, name)[use] for name in GridStart.__dataclass_fields__)
            )
            given = None if indices is None else indices[:, use]
            lengths = self.series.lengths[rows[use]]
            count = self.season if kind != "N" else 0
            point = start_points(some, trend != "N", self.steepest, given, count)
            if (trend, kind) in self.polished:
                point = self.polished[trend, kind][rows[use]]
            lanes.append(rows[use])
            trends.append(np.full(len(lanes[-1]), trend, dtype=object))
            points.append(point)
            inverses.append(
                start_inverse(some, point, lengths, trend != "N", trend == "Ad", self.steepest, factors=kind == "M")
            )
        joined = np.concatenate(lanes)
        order = np.argsort(joined, kind="stable")
        at_once = int(np.clip(CELLS // max(len(self.series.values), 1), 256, LANES))
        arrays = joined, np.concatenate(trends), np.concatenate(points), np.concatenate(inverses)
        for start in range(0, len(order), at_once):
            some_lanes = order[start : start + at_once]
            self._block(error, kind, *(one[some_lanes] for one in arrays))

    def _block(
        self, error: str, kind: str, rows: Longs, trends: NDArray[np.object_], points: Matrix,
        inverse: Matrix,
    ) -> None:
        penalty = np.empty(len(rows))
        for trend in TRENDS:
            mine = trends == trend
            penalty[mine] = self._penalty(EtsSpec(error, trend, kind))[rows[mine]]
        objective = _Objective(self.series, rows, trends, error, kind, self.steepest)
        if error == "M":
            inverse = objective.relative(points, inverse)
        widest = np.full(points.shape[1], np.inf)
        widest[:ANGLES] = WIDEST
        found, loss = minimise(
            objective, points, inverse, targets=self.least[rows] - penalty, widest=widest
        )
        self._keep(error, kind, rows, trends, found, loss + penalty)

    def _keep(
        self, error: str, kind: str, rows: Longs, trends: NDArray[np.object_], points: Matrix,
        criterion: Matrix,
    ) -> None:
        for trend in TRENDS:
            mine = np.flatnonzero(trends == trend)
            if error == "A":
                width = points.shape[1]
                held = self.polished.setdefault((trend, kind), np.zeros((len(self.specs), width)))
                held[rows[mine]] = points[mine]
            better = mine[criterion[mine] < self.criterion[rows[mine]] - 1e-9]
            at = rows[better]
            self.criterion[at] = criterion[better]
            self.least[at] = np.minimum(self.least[at], criterion[better])
            self.points[at, : points.shape[1]] = points[better]
            spec = EtsSpec(error, trend, kind)
            for row in at.tolist():
                self.specs[row] = spec


class _Objective:
    """The loss of models, each with its series; arrays shrink with the models at work."""

    def __init__(
        self, series: Ragged, rows: Longs, trends: NDArray[np.object_], error: str, kind: str,
        steepest: float,
    ) -> None:
        self.series, self.rows, self.trends = series, rows, trends
        self.error, self.kind, self.steepest = error, kind, steepest
        self.held, self.some = np.arange(len(rows)), series.take(rows)

    def __call__(self, points: Matrix, lanes: Longs) -> tuple[Matrix, Matrix]:
        if len(lanes) < FEWER * len(self.held):
            self.held, self.some = lanes, self.series.take(self.rows[lanes])
        if len(lanes) < len(self.held):
            wide = np.ones((len(self.held), points.shape[1]))
            at = np.searchsorted(self.held, lanes)
            wide[at] = points
            values, slopes = self._all(wide)
            return values[at], slopes[at]
        return self._all(points)

    def _all(self, points: Matrix) -> tuple[Matrix, Matrix]:
        trends = self.trends[self.held]
        models = lanes_of(points, trends, self.steepest, season=self.kind != "N")
        path = forward(self.some, models, self.kind)
        values, direct = ets_loss(self.some, path, self.error)
        slopes = backward(self.some, models, path, direct, self.kind)
        return values, np.nan_to_num(slopes_of(points, trends, self.steepest, slopes), posinf=0.0, neginf=0.0)

    def relative(self, points: Matrix, inverse: Matrix) -> Matrix:
        """Return inverses of second derivatives for relative errors, given those for others.

        The first states matter for the first values, so these are what errors are relative to.
        """
        models = lanes_of(points, self.trends, self.steepest, season=self.kind != "N")
        errors = forward(self.some, models, self.kind).errors
        with np.errstate(all="ignore"):
            share = errors / (self.some.values - errors)
            share = np.where(np.abs(share) < 10.0, share, 0.0)
        squares = np.einsum("tl,tl->l", errors, errors)
        size = self.some.values[:FIRST].sum(axis=0) / np.minimum(self.some.lengths, FIRST)
        ratio = np.einsum("tl,tl->l", share, share) * size**2 / np.maximum(squares, 1e-300)
        scale = np.ones((len(points), points.shape[1]))
        scale[:, ANGLES:] = np.sqrt(np.clip(ratio, 1e-6, 1e6))[:, None]
        return inverse * scale[:, :, None] * scale[:, None, :]
