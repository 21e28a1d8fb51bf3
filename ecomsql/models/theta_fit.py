"""The parameters of theta models with the least squares of one-step forecasts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecomsql.models.line_minimum import line_minimum
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Matrix
from ecomsql.models.theta_lines import Lines

GRID = np.array([0.1, 0.15, 0.2, 0.28, 0.36, 0.45, 0.55, 0.65, 0.75, 0.85, 0.93, 0.99])
SKIPPED = 3
"""First forecasts, which do not count."""
FADED = 400
"""Steps after which nothing is left of the first level: 0.9 to this power."""
LANES = 512
"""Series looked at at once: with the points of the grid a row of them stays in the cache."""
CELLS = 8_000_000
"""Values looked at at once, for memory."""


@dataclass(frozen=True, slots=True, eq=False)
class ThetaFit:
    """Parameters, each of shape (n_series,).

    Attributes
    ----------
    alpha : float64 array
        How fast the level follows, 0.1 to 0.99.
    level : float64 array
        Before the first value.
    share : float64 array
        Of the line in a forecast, 0 to 1: 1 - 1 / theta.
    squares : float64 array
        Sum of the squared errors that count.
    """

    alpha: Matrix
    level: Matrix
    share: Matrix
    squares: Matrix


def fit_theta(series: Ragged, lines: Lines, *, optimised: bool) -> ThetaFit:
    """Fit theta models to the squares of one-step forecasts (Fiorucci et al., 2016).

    Given alpha, forecasts are linear in the first level and in the share of the line: these are
    solved for, and alpha alone is searched.

    Parameters
    ----------
    series, lines
        Of the same series.
    optimised : bool
        Whether theta is searched too; it is 2 otherwise.
    """
    found = []
    at_once = int(np.clip(CELLS // (len(series.values) * len(GRID)), 16, LANES))
    for start in range(0, len(series.lengths), at_once):
        columns = slice(start, start + at_once)
        part = Ragged.of(series.values[:, columns], series.lengths[columns])
        found.append(_fit_some(part, lines.take(columns), optimised))
    return ThetaFit(
        *(
            np.concatenate([getattr(one, name) for one in found])
            for name in ThetaFit.__dataclass_fields__
        )
    )


def _fit_some(series: Ragged, lines: Lines, optimised: bool) -> ThetaFit:
    n = len(series.lengths)

    def squares(points: Matrix) -> Matrix:
        # Repeated one by one, so that lengths still fall.
        columns = np.repeat(np.arange(n), len(points))
        sums = _Sums.of(series.take(columns), lines.take(columns), points.T.ravel())
        return _solve(sums, optimised)[2].reshape(n, len(points)).T

    alpha = line_minimum(squares, GRID, n)
    offset, share, least = _solve(_Sums.of(series, lines, alpha), optimised)
    first = series.values[0] - share * (lines.level[0] + lines.slope[0]) - offset
    return ThetaFit(alpha, first, share, least)


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Products of what the errors ``r + offset * w - share * z`` are made of, summed over time.

    `bound` is how far the first forecast may be off: the range of the series.
    """

    rr: Matrix
    rw: Matrix
    rz: Matrix
    ww: Matrix
    wz: Matrix
    zz: Matrix
    bound: Matrix

    @classmethod
    def of(cls, series: Ragged, lines: Lines, alpha: Matrix) -> _Sums:
        values = series.values
        first, start = values[0], lines.level[0] + lines.slope[0]
        fade, tail = 1.0 - alpha, (1.0 - alpha) / alpha
        level, w = alpha * first, fade.copy()
        rr, rw, rz, ww, wz, zz = np.zeros((6, len(alpha)))
        for t in range(1, len(values)):
            k = series.counts[t]
            r = values[t, :k] - level[:k]
            level[:k] += alpha[:k] * r
            z = lines.slope[t, :k] / alpha[:k]
            if t <= FADED:
                wk = w[:k]
                r -= first[:k] * wk
                z += (lines.level[t, :k] - start[:k] - lines.slope[t, :k] * tail[:k]) * wk
                if t >= SKIPPED:
                    rw[:k] += r * wk
                    ww[:k] += wk * wk
                    wz[:k] += wk * z
                wk *= fade[:k]
            if t >= SKIPPED:
                rr[:k] += r * r
                rz[:k] += r * z
                zz[:k] += z * z
        there = np.arange(len(values))[:, None] < series.lengths
        high = np.where(there, values, -np.inf).max(axis=0)
        low = np.where(there, values, np.inf).min(axis=0)
        return cls(rr, rw, rz, ww, wz, zz, high - low)


def _solve(sums: _Sums, optimised: bool) -> tuple[Matrix, Matrix, Matrix]:
    """Return offset, share and squares: least squares within bounds, one after the other."""
    share = np.full(sums.rr.shape, 0.5)
    if optimised:
        determinant = sums.ww * sums.zz - sums.wz**2
        best = (sums.ww * sums.rz - sums.wz * sums.rw) / determinant
        share = np.where(determinant > 1e-12 * sums.ww * sums.zz, best, share).clip(0.0, 1.0)
    offset = _ratio(share * sums.wz - sums.rw, sums.ww).clip(-sums.bound, sums.bound)
    if optimised:
        bounded = np.abs(offset) >= sums.bound
        again = _ratio(sums.rz + offset * sums.wz, sums.zz).clip(0.0, 1.0)
        share = np.where(bounded, again, share)
    squares = (
        sums.rr
        + offset * (2.0 * sums.rw + offset * sums.ww - 2.0 * share * sums.wz)
        + share * (share * sums.zz - 2.0 * sums.rz)
    )
    return offset, share, np.maximum(squares, 0.0)


def _ratio(above: Matrix, below: Matrix) -> Matrix:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)
