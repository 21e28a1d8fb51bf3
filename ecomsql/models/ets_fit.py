"""The best exponential smoothing model of each series, of all that are tried."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.batched_bfgs import minimise
from ecomsql.models.ets_objective import EtsObjective
from ecomsql.models.ets_point import ANGLES, WIDEST, start_inverse, start_points
from ecomsql.models.ets_spec import TRENDS, EtsSpec, pools
from ecomsql.models.ets_starts import EtsStart, ets_starts
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Longs, Matrix

CELLS = 4_000_000
"""Values looked at at once, for memory."""
GAMMA_ANGLES = (0.05, 0.25, 0.6)
LANES = 4096
"""Models looked at at once, so that a row of them stays in the cache."""


@dataclass(frozen=True, slots=True, eq=False)
class EtsFit:
    """The best model of each series.

    Attributes
    ----------
    specs : list of EtsSpec
    points : float64 array, shape (n_series, 6 + season)
        See :mod:`ecomsql.models.ets_point`.
    criterion : float64 array, shape (n_series,)
        AICc, up to a constant.
    """

    specs: list[EtsSpec]
    points: Matrix
    criterion: Matrix


def fit_ets(series: Ragged, season: int, steepest: float) -> EtsFit:
    """Fit all admissible models to all series by maximum likelihood; the least AICc wins.

    Models of one kind of error and of season are fitted together, whatever their trend and their
    series. Those with additive errors come first, and relative errors start from their results. A
    model that seems not to get below the best criterion of its series is given up.

    Parameters
    ----------
    series : Ragged
        Values near 1 in size, 5 or more of each, not constant.
    season : int
        1 for none.
    steepest : float
        What beta is at most.
    """
    search = _Search(series, season, steepest)
    for error, kind in pools(season):
        pool = search.pool(error, kind)
        if pool is None:
            continue
        at_once = int(np.clip(CELLS // len(series.values), 256, LANES))
        for start in range(0, len(pool.rows), at_once):
            search.fit(error, kind, pool.take(np.arange(start, len(pool.rows))[:at_once]))
    return EtsFit(search.specs, search.points, search.criterion)


@dataclass(frozen=True, slots=True, eq=False)
class _Pool:
    """Models that are fitted together: their series, trends, and where they start."""

    rows: Longs
    trends: NDArray[np.object_]
    points: Matrix
    inverse: Matrix

    def take(self, some: Longs) -> _Pool:
        return _Pool(self.rows[some], self.trends[some], self.points[some], self.inverse[some])


class _Search:
    """What is the best so far of each series."""

    def __init__(self, series: Ragged, season: int, steepest: float) -> None:
        n = len(series.lengths)
        there = np.arange(len(series.values))[:, None] < series.lengths
        self.series, self.season, self.steepest = series, season, steepest
        self.positive = np.where(there, series.values, np.inf).min(axis=0) > 0
        self.starts = ets_starts(series, season, self.positive, steepest)
        self.specs = [EtsSpec("A", "N", "N")] * n
        self.points = np.zeros((n, ANGLES + 2 + (season if season > 1 else 0)))
        self.criterion = np.full(n, np.inf)
        self.found: dict[tuple[str, str], tuple[Matrix, Matrix]] = {}
        self.least, self.gamma = self._least_of_starts(), np.zeros(n)
        if ("N", "M") in self.starts:
            self._choose_gamma(self.starts["N", "M"])

    def penalty(self, spec: EtsSpec, rows: Longs) -> Matrix:
        """Return what AICc adds to minus twice the log-likelihood; infinite for too few values."""
        k = spec.parameters(self.season)
        left = self.series.lengths[rows] - k - 1
        return np.where(left > 0, 2.0 * k + 2.0 * k * (k + 1) / np.maximum(left, 1), np.inf)

    def _least_of_starts(self) -> Matrix:
        """Return the least AICc of the starts with additive errors, which are fitted already."""
        least = np.full(len(self.specs), np.inf)
        for (trend, kind), start in self.starts.items():
            if kind != "M":
                squares = np.maximum(start.grid.squares, 1e-300)
                penalty = self.penalty(EtsSpec("A", trend, kind), start.rows)
                loss = self.series.lengths[start.rows] * np.log(squares) + penalty
                least[start.rows] = np.minimum(least[start.rows], loss)
        return least

    def pool(self, error: str, kind: str) -> _Pool | None:
        """Return the models of one kind of error and of season, by series."""
        parts = [self._part(error, trend, kind) for trend in TRENDS if (trend, kind) in self.starts]
        if not sum(len(one.rows) for one in parts):
            return None
        joined = _Pool(
            *(
                np.concatenate([getattr(one, name) for one in parts])
                for name in ("rows", "trends", "points", "inverse")
            )
        )
        return joined.take(np.argsort(joined.rows, kind="stable"))

    def _part(self, error: str, trend: str, kind: str) -> _Pool:
        start = self.starts[trend, kind]
        use = np.isfinite(self.penalty(EtsSpec(error, trend, kind), start.rows))
        use &= self.positive[start.rows] | (error == "A")
        start = start.take(use)
        if (trend, kind) in self.found:
            points, inverse = (one[start.rows] for one in self.found[trend, kind])
        else:
            points = start_points(start, trend, self.steepest, self.season if kind != "N" else 0)
            points[:, 2] = np.where(kind == "M", self.gamma[start.rows], points[:, 2])
            lengths = self.series.lengths[start.rows]
            inverse = start_inverse(start, points, lengths, trend, self.steepest)
        trends = np.full(len(start.rows), trend, dtype=object)
        return _Pool(start.rows, trends, points, inverse)

    def _choose_gamma(self, start: EtsStart) -> None:
        """Take the best of a few gammas for seasons that multiply: their grid has none."""
        trends = np.full(len(start.rows), "N", dtype=object)
        objective = EtsObjective(self.series, start.rows, trends, "M", "M", self.steepest)
        points = start_points(start, "N", self.steepest, self.season)
        least = np.full(len(start.rows), np.inf)
        for angle in GAMMA_ANGLES:
            points[:, 2] = angle
            loss = objective.values(points)
            self.gamma[start.rows[loss < least]] = angle
            least = np.minimum(least, loss)
        least += self.penalty(EtsSpec("M", "N", "M"), start.rows)
        self.least[start.rows] = np.minimum(self.least[start.rows], least)

    def fit(self, error: str, kind: str, pool: _Pool) -> None:
        """Fit models, and keep what is best."""
        penalty = np.empty(len(pool.rows))
        for trend in TRENDS:
            mine = pool.trends == trend
            penalty[mine] = self.penalty(EtsSpec(error, trend, kind), pool.rows[mine])
        objective = EtsObjective(self.series, pool.rows, pool.trends, error, kind, self.steepest)
        inverse = pool.inverse
        if error == "M":
            inverse = objective.relative(pool.points, inverse)
        widest = np.full(pool.points.shape[1], np.inf)
        widest[:ANGLES] = WIDEST
        targets = self.least[pool.rows] - penalty
        points, loss, inverse = minimise(
            objective, pool.points, inverse, targets=targets, widest=widest
        )
        done = _Pool(pool.rows, pool.trends, points, inverse)
        for trend in TRENDS:
            self._keep(EtsSpec(error, trend, kind), done, loss + penalty)

    def _keep(self, spec: EtsSpec, pool: _Pool, criterion: Matrix) -> None:
        mine = np.flatnonzero(pool.trends == spec.trend)
        width = pool.points.shape[1]
        if spec.error == "A" and len(mine):
            empty = np.zeros((len(self.specs), width)), np.zeros((len(self.specs), width, width))
            points, inverse = self.found.setdefault((spec.trend, spec.season), empty)
            points[pool.rows[mine]], inverse[pool.rows[mine]] = (
                pool.points[mine],
                pool.inverse[mine],
            )
        better = mine[criterion[mine] < self.criterion[pool.rows[mine]] - 1e-9]
        at = pool.rows[better]
        self.criterion[at] = criterion[better]
        self.least[at] = np.minimum(self.least[at], criterion[better])
        self.points[at, :width] = pool.points[better]
        for row in at.tolist():
            self.specs[row] = spec
