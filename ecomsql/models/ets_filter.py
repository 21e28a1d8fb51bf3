"""The recursions of exponential smoothing: forward for the errors, backward for slopes.

Written with results put in place: most of the time of a fit is spent here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ecomsql.models.ets_lanes import EtsLanes
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Matrix


@dataclass(frozen=True, slots=True, eq=False)
class EtsPath:
    """What a model says of each value of its series; all of shape (longest, n_lanes).

    Attributes
    ----------
    errors : float64 array
        Values less their one-step forecasts; 0 after the end of a series.
    steps : float64 array
        The damped trend within each forecast.
    bases, factors : float64 arrays or None
        With a multiplicative season, level and trend together, and the factor.
    last : EtsLanes
        The parameters, with the states at the end of each series.
    """

    errors: Matrix
    steps: Matrix
    bases: Matrix | None
    factors: Matrix | None
    last: EtsLanes


def forward(series: Ragged, lanes: EtsLanes, season: str) -> EtsPath:
    """Run models over their series, one a lane; `season` is ``N``, ``A`` or ``M``.

    The level and the trend move by alpha and beta times the error, the season by gamma times it;
    with a multiplicative season, the error is divided by what multiplies each in the forecast.
    """
    alpha, beta, gamma, phi = lanes.alpha, lanes.beta, lanes.gamma, lanes.phi
    level, trend, indices = lanes.level.copy(), lanes.trend.copy(), lanes.season.copy()
    shape = series.values.shape
    errors, steps = np.zeros(shape), np.zeros(shape)
    bases = factors = None
    if season == "M":
        bases, factors = np.ones(shape), np.ones(shape)
    base, moved, ratio = np.empty((3, shape[1]))
    for rows, k in _segments(series):
        a, b, g, p = alpha[:k], beta[:k], gamma[:k], phi[:k]
        l_k, b_k, q, m, r = level[:k], trend[:k], base[:k], moved[:k], ratio[:k]
        cut = slice(rows.start, rows.stop), slice(k)
        for t, y, e, f in zip(rows, series.values[cut], errors[cut], steps[cut], strict=True):
            np.multiply(p, b_k, out=f)
            np.add(l_k, f, out=q)
            if season == "N":
                np.subtract(y, q, out=e)
                r = e
            elif season == "A":
                s = indices[t % len(indices), :k]
                np.subtract(y, q, out=e)
                np.subtract(e, s, out=e)
                np.multiply(g, e, out=m)
                np.add(s, m, out=s)
                r = e
            else:
                s = indices[t % len(indices), :k]
                bases[t, :k], factors[t, :k] = q, s  # type: ignore[index]
                np.multiply(q, s, out=e)
                np.subtract(y, e, out=e)
                np.divide(e, s, out=r)
                np.divide(e, q, out=m)
                np.multiply(g, m, out=m)
                np.add(s, m, out=s)
            np.multiply(a, r, out=m)
            np.add(q, m, out=l_k)
            np.multiply(b, r, out=m)
            np.add(f, m, out=b_k)
    last = EtsLanes(alpha, beta, gamma, phi, level, trend, indices)
    return EtsPath(errors, steps, bases, factors, last)


def backward(
    series: Ragged, lanes: EtsLanes, path: EtsPath, direct: Matrix, season: str
) -> tuple[Matrix, Matrix, Matrix]:
    """Return the slopes of a loss, by the recursion's adjoint: one pass, however many states.

    Parameters
    ----------
    series, lanes, path, season
        As given to, and by, :func:`forward`.
    direct : float64 array, shape (longest, n_lanes)
        Slope of the loss by each one-step forecast, all later ones left as they are.

    Returns
    -------
    by_smoothing : float64 array, shape (4, n_lanes)
        By alpha, beta, gamma and phi.
    by_start : float64 array, shape (2, n_lanes)
        By the first level and trend.
    by_season : float64 array, shape (season, n_lanes)
        By the first indices.
    """
    alpha, beta, gamma, phi = lanes.alpha, lanes.beta, lanes.gamma, lanes.phi
    by_smoothing, by_start = np.zeros((4, len(alpha))), np.zeros((2, len(alpha)))
    by_season = np.zeros_like(lanes.season)
    forecast, moved, ratio, share = np.empty((4, len(alpha)))
    for rows, k in reversed(list(_segments(series))):
        a, b, g, p = alpha[:k], beta[:k], gamma[:k], phi[:k]
        by_a, by_b, by_g, by_p = by_smoothing[:, :k]
        level, trend = by_start[:, :k]
        mu, m, r, w = forecast[:k], moved[:k], ratio[:k], share[:k]
        cut = slice(rows.start, rows.stop), slice(k)
        taken = path.errors[cut][::-1], path.steps[cut][::-1], direct[cut][::-1]
        for t, e, f, d in zip(reversed(rows), *taken, strict=True):
            np.multiply(a, level, out=mu)
            np.multiply(b, trend, out=m)
            np.add(mu, m, out=mu)
            if season == "N":
                r = e
                np.subtract(d, mu, out=mu)
            elif season == "A":
                r, s = e, by_season[t % len(by_season), :k]
                np.multiply(s, e, out=m)
                np.add(by_g, m, out=by_g)
                np.multiply(g, s, out=m)
                np.add(mu, m, out=mu)
                np.subtract(d, mu, out=mu)
                np.add(s, mu, out=s)
            else:
                s = by_season[t % len(by_season), :k]
                q, x = path.bases[t, :k], path.factors[t, :k]  # type: ignore[index]
                np.divide(e, x, out=r)
                np.divide(e, q, out=w)
                np.divide(mu, x, out=mu)
                np.multiply(s, w, out=m)
                np.add(by_g, m, out=by_g)
                # What the error adds to level and trend is divided by the factor, ...
                by_factor = mu * r
                np.multiply(g, s, out=m)
                np.divide(m, q, out=m)
                np.add(mu, m, out=mu)
                # ... and what it adds to the factor by level and trend.
                np.multiply(m, w, out=w)
                np.subtract(d, mu, out=mu)
                np.multiply(mu, q, out=m)
                np.add(s, m, out=s)
                np.subtract(s, by_factor, out=s)
                np.multiply(mu, x, out=mu)
                np.subtract(mu, w, out=mu)
            np.multiply(level, r, out=m)
            np.add(by_a, m, out=by_a)
            np.multiply(trend, r, out=m)
            np.add(by_b, m, out=by_b)
            np.add(level, mu, out=level)
            np.add(trend, level, out=trend)
            np.multiply(trend, f, out=m)
            np.add(by_p, m, out=by_p)
            np.multiply(trend, p, out=trend)
    by_smoothing[3] /= phi
    return by_smoothing, by_start, by_season


def _segments(series: Ragged) -> Iterator[tuple[range, int]]:
    """Yield rows with the same count of series together."""
    start = 0
    for t in range(1, len(series.counts) + 1):
        if t == len(series.counts) or series.counts[t] != series.counts[start]:
            yield range(start, t), series.counts[start]
            start = t
