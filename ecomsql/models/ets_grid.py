"""Where to start: smoothing parameters from a grid, with the first states that suit them best.

Errors are linear in the first states, and by what each adds depends on the smoothing parameters
alone: for a point of the grid, the states of all series come from one matrix.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecomsql.models.ets_filter import forward
from ecomsql.models.ets_lanes import LOW, EtsLanes
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Longs, Matrix

RIDGE = 1e-7
"""Of the mean square that a state adds; level and season can stand in for each other."""
LANES = 4096

_ALPHAS = (0.03, 0.1, 0.25, 0.5, 0.75, 0.95)
_PAIRS = (
    (0.1, 0.02),
    (0.1, 0.3),
    (0.3, 0.02),
    (0.3, 0.3),
    (0.6, 0.02),
    (0.6, 0.2),
    (0.9, 0.02),
    (0.9, 0.15),
    (0.9, 0.6),
)
"""Of alpha, and of beta as a share of its bound."""
_FEWER_PAIRS = ((0.1, 0.02), (0.3, 0.02), (0.3, 0.3), (0.7, 0.02), (0.9, 0.2))
"""The same, where a season makes each dearer."""
_PHI = 0.94
_GAMMAS = (0.003, 0.06, 0.35)


@dataclass(frozen=True, slots=True, eq=False)
class GridStart:
    """The best point of the grid for each series.

    Attributes
    ----------
    point : float64 array, shape (n_series, 4)
        alpha, beta, gamma, phi.
    states : float64 array, shape (n_series, n_states)
        First level, trend (where there is one), and indices.
    inverse : float64 array, shape (n_series, n_states, n_states)
        Of the sum of products of what the states add to the errors.
    squares : float64 array, shape (n_series,)
        Sum of squared errors.
    """

    point: Matrix
    states: Matrix
    inverse: Matrix
    squares: Matrix


def grid_start(series: Ragged, trend: str, season: int, steepest: float) -> GridStart:
    """Return the point of the grid with the least squares, and its states.

    Parameters
    ----------
    series : Ragged
    trend : str
        ``N``, ``A`` or ``Ad``.
    season : int
        1 for models without one.
    """
    grid, n = _grid(trend, season, steepest), len(series.lengths)
    distinct, length_of = np.unique(series.lengths, return_inverse=True)
    at_once = max(1, LANES // n)
    best: GridStart | None = None
    for start in range(0, len(grid), at_once):
        some = grid[start : start + at_once]
        columns = np.tile(np.arange(n), len(some))
        residuals = _run(series, columns, np.repeat(some, n, axis=0), season)
        adds = _adds(len(residuals), some, trend, season)
        for at, point in enumerate(some):
            mine = residuals[:, at * n : (at + 1) * n]
            found = _solved(mine, adds[at], point, distinct, length_of)
            best = found if best is None else _better(best, found)
    assert best is not None
    return best


def _grid(trend: str, season: int, steepest: float) -> Matrix:
    if trend == "N":
        pairs = [(alpha, 0.0, 1.0) for alpha in _ALPHAS]
    else:
        phi = _PHI if trend == "Ad" else 1.0
        given = _PAIRS if season == 1 else _FEWER_PAIRS
        pairs = [(alpha, min(alpha, steepest) * share, phi) for alpha, share in given]
    gammas = _GAMMAS if season > 1 else (0.0,)
    return np.array(
        [
            (a, b, max(LOW, (1.0 - a) * g) if season > 1 else 0.0, p)
            for a, b, p in pairs
            for g in gammas
        ]
    )


def _run(series: Ragged, columns: Longs, points: Matrix, season: int) -> Matrix:
    """Return the errors with all first states 0; columns of a length at a point come together."""
    lengths = series.lengths[columns]
    order = np.argsort(-lengths, kind="stable")
    zero = np.zeros(len(columns))
    alpha, beta, gamma, phi = np.ascontiguousarray(points[order].T)
    indices = np.zeros((season if season > 1 else 0, len(columns)))
    lanes = EtsLanes(alpha, beta, gamma, phi, zero, zero, indices)
    errors = forward(series.take(columns[order]), lanes, "A" if season > 1 else "N").errors
    found = np.empty_like(errors)
    found[:, order] = errors
    return found


def _adds(length: int, points: Matrix, trend: str, season: int) -> list[Matrix]:
    """Return what a first state of 1 adds to the forecasts, (length, n_states) for each point."""
    count = 1 + (trend != "N") + (season if season > 1 else 0)
    unit = np.tile(np.eye(count), (1, len(points)))
    alpha, beta, gamma, phi = np.repeat(points.T, count, axis=1)
    lanes = EtsLanes(
        alpha,
        beta,
        gamma,
        phi,
        level=unit[0],
        trend=unit[1] if trend != "N" else np.zeros_like(unit[0]),
        season=unit[1 + (trend != "N") :] if season > 1 else unit[:0],
    )
    zeros = Ragged.of(np.zeros((length, unit.shape[1])), np.full(unit.shape[1], length))
    errors = forward(zeros, lanes, "A" if season > 1 else "N").errors
    return np.split(-errors, len(points), axis=1)


def _solved(
    residuals: Matrix, adds: Matrix, point: Matrix, distinct: Longs, length_of: Longs
) -> GridStart:
    """Return the states of least squares for one point of the grid."""
    products = np.cumsum(adds[:, :, None] * adds[:, None, :], axis=0)[distinct - 1]
    size = np.trace(products, axis1=1, axis2=2)[:, None, None] / adds.shape[1]
    inverse = np.linalg.inv(products + RIDGE * size * np.eye(adds.shape[1]))
    inverse = (inverse + inverse.transpose(0, 2, 1))[length_of] / 2.0
    along = residuals.T @ adds
    states = np.einsum("lij,lj->li", inverse, along)
    squares = np.einsum("tl,tl->l", residuals, residuals) - np.einsum("li,li->l", along, states)
    return GridStart(np.tile(point, (len(squares), 1)), states, inverse, squares)


def _better(one: GridStart, two: GridStart) -> GridStart:
    first = one.squares <= two.squares
    return GridStart(
        np.where(first[:, None], one.point, two.point),
        np.where(first[:, None], one.states, two.states),
        np.where(first[:, None, None], one.inverse, two.inverse),
        np.where(first, one.squares, two.squares),
    )
