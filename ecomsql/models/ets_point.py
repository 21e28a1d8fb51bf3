"""A model as one row of numbers: four angles, then the first states."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.ets_lanes import EtsLanes, angles_of, slope_of_angles, smoothing
from ecomsql.models.ets_starts import EtsStart
from ecomsql.models.series_batch import Longs, Matrix

ANGLES = 4
"""Of alpha, beta, gamma and phi; the level follows, the trend, and the indices."""
STEEPEST = 0.2
SOFTEST = 2.0
"""Least second derivative by an angle."""
SMALLEST = 1e-3
"""Smoothing parameter, of those whose inverses are taken."""
WIDEST = 0.4
"""Longest step of an angle."""


def steepest_trend(season: int) -> float:
    """Return the largest beta: a trend that turns within a season is noise, or the season itself.

    The likelihood alone often wants more, of the few values of a year or of a quarter; forecasts
    far ahead are then worse (on M3's yearly series by a tenth).
    """
    return STEEPEST / season


def lanes_of(
    points: Matrix, trends: NDArray[np.object_], steepest: float, *, season: bool
) -> EtsLanes:
    """Return models of points, shape (n_lanes, 6 + season); `trends` are those of their specs."""
    alpha, beta, gamma, phi = smoothing(points[:, :ANGLES], steepest)
    trended, damped = trends != "N", trends == "Ad"
    indices = points[:, ANGLES + 2 :].T if season else np.zeros((0, len(points)))
    return EtsLanes(
        alpha,
        np.where(trended, beta, 0.0),
        gamma if season else np.zeros_like(gamma),
        np.where(damped, phi, 1.0),
        points[:, ANGLES].copy(),
        np.where(trended, points[:, ANGLES + 1], 0.0),
        np.ascontiguousarray(indices),
    )


def slopes_of(
    points: Matrix,
    trends: NDArray[np.object_],
    steepest: float,
    slopes: tuple[Matrix, Matrix, Matrix],
) -> Matrix:
    """Return the slopes by points; those of what a spec does not have are 0."""
    by_smoothing, by_start, by_season = slopes
    trended, damped = trends != "N", trends == "Ad"
    angles = by_smoothing.T.copy()
    angles[:, 1] *= trended
    angles[:, 2] *= len(by_season) > 0
    angles[:, 3] *= damped
    start = by_start.T.copy()
    start[:, 1] *= trended
    angles = slope_of_angles(points[:, :ANGLES], angles, steepest)
    return np.concatenate([angles, start, by_season.T], axis=1)


def start_points(start: EtsStart, trend: str, steepest: float, season: int) -> Matrix:
    """Return the points of starts, shape (n_series, 6 + season).

    Parameters
    ----------
    start : EtsStart
        Of models with the trend `trend`.
    steepest : float
        What beta is at most.
    season : int
        Number of indices; 0 for none.
    """
    grid, trended = start.grid, trend != "N"
    found = np.zeros((len(grid.point), ANGLES + 2 + season))
    found[:, :ANGLES] = np.nan_to_num(angles_of(grid.point, steepest), nan=0.5)
    found[:, ANGLES] = grid.states[:, 0]
    if trended:
        found[:, ANGLES + 1] = grid.states[:, 1]
    if season and start.indices is None:
        found[:, ANGLES + 2 :] = grid.states[:, 1 + trended :]
    elif start.indices is not None:
        found[:, ANGLES + 2 :] = start.indices.T
    return found


def start_inverse(
    start: EtsStart, points: Matrix, lengths: Longs, trend: str, steepest: float
) -> Matrix:
    """Return about the inverse of the second derivatives of the loss at the start.

    That of the states is exact for additive errors. That of the smoothing parameters is 2 n times
    the variance of what one more of them adds to the errors, were these white noise.
    """
    grid, width = start.grid, points.shape[1]
    inverse = np.zeros((len(points), width, width))
    curve = lengths[:, None] * _curves(points[:, :ANGLES], trend, steepest)
    at = np.arange(ANGLES)
    inverse[:, at, at] = 1.0 / np.maximum(curve, SOFTEST)
    level = np.array([0, 1] if trend != "N" else [0])
    own = grid.inverse.shape[1]
    places = ANGLES + np.concatenate([level, np.arange(2, 2 + own - len(level))])
    unit = grid.squares / (2.0 * lengths)
    inverse[:, places[:, None], places] = grid.inverse * unit[:, None, None]
    if start.indices is not None:
        at = np.arange(ANGLES + 2, width)
        gamma = np.maximum(smoothing(points[:, :ANGLES], steepest)[2], SMALLEST)
        size = np.maximum(grid.states[:, 0] ** 2, 1e-12)
        visits = np.minimum(lengths / len(at), 1.0 / (gamma * (2.0 - gamma)))
        inverse[:, at, at] = (unit / (size * np.maximum(visits, 1.0)))[:, None]
    return inverse


def _curves(angles: Matrix, trend: str, steepest: float) -> Matrix:
    """Return the second derivatives by angles, for one value."""
    alpha, beta, gamma, phi = np.maximum(smoothing(angles, steepest), SMALLEST)
    # The trend forgets by damping, and as far as it follows.
    fades = 1.0 - (phi if trend == "Ad" else 1.0) * (1.0 - beta / alpha)
    curves = [
        2.0 / (alpha * (2.0 - alpha)),
        (np.minimum(alpha, steepest) / alpha) ** 2 * 2.0 / (fades * (2.0 - fades)),
        (1.0 - alpha) ** 2 * 2.0 / (gamma * (2.0 - gamma)),
        np.zeros_like(phi),
    ]
    found: Matrix = np.stack(curves, axis=1) * np.sin(2.0 * angles) ** 2
    return found
