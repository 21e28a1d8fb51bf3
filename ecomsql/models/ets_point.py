"""A model as one row of numbers: four angles, then the first states."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.ets_grid import GridStart
from ecomsql.models.ets_lanes import EtsLanes, angles_of, slope_of_angles, smoothing
from ecomsql.models.series_batch import Longs, Matrix

ANGLES = 4
"""Of alpha, beta, gamma and phi; the level follows, the trend, and the indices."""
STEEPEST = 0.2
SOFTEST = 2.0
WIDEST = 0.4
"""Longest step of an angle."""


def steepest(season: int) -> float:
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


def start_points(
    start: GridStart, trended: bool, steepest: float, indices: Matrix | None, season: int
) -> Matrix:
    """Return the points of a grid's start, shape (n_series, 6 + season).

    Parameters
    ----------
    start : GridStart
    trended : bool
        Whether its states have a trend.
    indices : float64 array, shape (season, n_series), or None
        First indices, where the grid's states have none.
    season : int
        Number of indices; 0 for none.
    """
    point = start.point.copy()
    if indices is not None:
        point[:, 2] = 0.05 * (1.0 - point[:, 0])
    found = np.zeros((len(point), ANGLES + 2 + season))
    with np.errstate(all="ignore"):
        found[:, :ANGLES] = np.nan_to_num(angles_of(point, steepest), nan=0.5)
    found[:, ANGLES] = start.states[:, 0]
    if trended:
        found[:, ANGLES + 1] = start.states[:, 1]
    if season:
        given = start.states[:, 1 + trended :] if indices is None else indices.T
        found[:, ANGLES + 2 :] = given
    return found


def start_inverse(
    start: GridStart,
    points: Matrix,
    lengths: Longs,
    trended: bool,
    damped: bool,
    steepest: float,
    *,
    factors: bool,
) -> Matrix:
    """Return about the inverse of the second derivatives of the loss at the start.

    That of the states is exact for additive errors. For the smoothing parameters it is that of
    simple exponential smoothing, 2 n / (alpha (2 - alpha)), for each.

    Parameters
    ----------
    factors : bool
        Whether indices multiply: those are not among the grid's states.
    """
    width = points.shape[1]
    inverse = np.zeros((len(points), width, width))
    alpha, beta, gamma, phi = np.maximum(smoothing(points[:, :ANGLES], steepest), 1e-3)
    fades = 1.0 - (phi if trended and damped else 1.0) * (1.0 - beta / alpha)
    curve = np.stack([
        2.0 / (alpha * (2.0 - alpha)),
        (np.minimum(alpha, steepest) / alpha) ** 2 * 2.0 / (fades * (2.0 - fades)),
        (1.0 - alpha) ** 2 * 2.0 / (gamma * (2.0 - gamma)),
        np.zeros_like(phi),
    ], axis=1)
    curve *= lengths[:, None] * np.sin(2.0 * points[:, :ANGLES]) ** 2
    at = np.arange(ANGLES)
    inverse[:, at, at] = 1.0 / np.maximum(curve, SOFTEST)
    level = np.array([0, 1] if trended else [0])
    own = len(level) if factors else start.inverse.shape[1]
    places = ANGLES + np.concatenate([level, np.arange(2, 2 + own - len(level))])
    unit = start.squares / (2.0 * lengths)
    inverse[:, places[:, None], places] = start.inverse[:, :own, :own] * unit[:, None, None]
    if factors:
        at = np.arange(ANGLES + 2, width)
        size = np.maximum(start.states[:, 0] ** 2, 1e-12)
        visits = np.minimum(lengths / len(at), 1.0 / (gamma * (2.0 - gamma)))
        inverse[:, at, at] = (unit / (size * np.maximum(visits, 1.0)))[:, None]
    return inverse
