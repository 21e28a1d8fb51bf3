"""Means and variances of the steps ahead, of exponential smoothing models at their last states."""

from __future__ import annotations

import numpy as np

from ecomsql.models.ets_lanes import EtsLanes
from ecomsql.models.series_batch import Longs, Matrix


def ets_mean(last: EtsLanes, lengths: Longs, horizon: int, season: str) -> tuple[Matrix, Matrix]:
    """Return forecasts, and those before the season's index, each of shape (horizon, n_lanes).

    Parameters
    ----------
    last : EtsLanes
        With the states at the end of each series.
    lengths : int64 array, shape (n_lanes,)
    season : str
        ``N``, ``A`` or ``M``.
    """
    damped = np.cumsum(last.phi ** np.arange(1, horizon + 1)[:, None], axis=0)
    base = last.level + damped * last.trend
    if season == "N":
        return base, base
    index = _indices(last, lengths, horizon)
    return (base + index if season == "A" else base * index), base


def ets_variance(
    last: EtsLanes,
    lengths: Longs,
    mean: Matrix,
    base: Matrix,
    variance: Matrix,
    spec: tuple[str, str],
) -> Matrix:
    """Return the variances of the errors ahead, shape (horizon, n_lanes).

    For additive seasons, or none, exact (Hyndman, Koehler, Ord, Snyder: Forecasting with
    Exponential Smoothing, 2008, equations 6.1 and 6.3). With a multiplicative season, as if it were
    additive in proportion to level and trend: what an error adds to the index then comes on top of
    what it adds to the level, one season later (within 3 % of simulation).

    Parameters
    ----------
    mean, base : float64 arrays, shape (horizon, n_lanes)
        See :func:`ets_mean`.
    variance : float64 array, shape (n_lanes,)
        Of the errors, relative ones where they multiply.
    spec : (str, str)
        Kinds of error and season.
    """
    error, season = spec
    horizon, period = len(mean), len(last.season)
    ahead = np.arange(1, horizon + 1)[:, None]
    response = last.alpha + last.beta * np.cumsum(last.phi**ahead, axis=0)
    if season != "N":
        response = response + last.gamma * (ahead % period == 0)
    if error == "A":
        before = np.concatenate([np.ones((1, len(variance))), response[:-1]])
        grown: Matrix = variance * np.cumsum(before**2, axis=0)
        return grown
    forecast = base if season == "M" else mean
    power = np.empty_like(mean)
    for step in range(horizon):
        earlier = (response[:step] ** 2 * power[:step][::-1]).sum(axis=0)
        power[step] = forecast[step] ** 2 + variance * earlier
    found: Matrix = np.maximum((1.0 + variance) * power - forecast**2, 0.0)
    return found if season != "M" else _indices(last, lengths, horizon) ** 2 * found


def _indices(last: EtsLanes, lengths: Longs, horizon: int) -> Matrix:
    at = (lengths + np.arange(horizon)[:, None]) % len(last.season)
    found: Matrix = np.take_along_axis(last.season, at, axis=0)
    return found
