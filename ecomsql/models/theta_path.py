"""What theta models with given parameters say: of each value from those before it, and after."""

from __future__ import annotations

import numpy as np

from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Longs, Matrix
from ecomsql.models.theta_fit import ThetaFit
from ecomsql.models.theta_lines import Lines, next_line


def theta_fitted(series: Ragged, lines: Lines, fit: ThetaFit) -> tuple[Matrix, Matrix]:
    """Return one-step forecasts, shape (longest, n_series), and the level at each end."""
    fade = 1.0 - fit.alpha
    level, power = fit.level.copy(), np.ones_like(fit.level)
    fitted = np.zeros_like(series.values)
    for t, k in enumerate(series.counts):
        line = _line(lines.level[t, :k], lines.slope[t, :k], power[:k], fit.alpha[:k])
        fitted[t, :k] = level[:k] + fit.share[:k] * line
        level[:k] += fit.alpha[:k] * (series.values[t, :k] - level[:k])
        power[:k] *= fade[:k]
    return fitted, level


def theta_ahead(
    series: Ragged, lines: Lines, fit: ThetaFit, level: Matrix, horizon: int
) -> tuple[Matrix, Matrix]:
    """Return forecasts and the response to an error of 1, each of shape (horizon, n_series).

    The response at step j is by how much the forecast of it changes where the first value ahead
    is one more than its forecast; it is 1 at the first step.
    """
    a, b = lines.after(series)
    start = (level, a, b, lines.mean)
    mean = _run(start, fit, series.lengths, horizon, lines.dynamic, 0.0)
    nothing = np.zeros_like(level)
    response = _run((nothing,) * 4, fit, series.lengths, horizon, lines.dynamic, 1.0)
    response[0] = 1.0
    return mean, response


def _run(
    start: tuple[Matrix, ...],
    fit: ThetaFit,
    lengths: Longs,
    horizon: int,
    dynamic: bool,
    error: float,
) -> Matrix:
    """Forecast step by step; `error` is what the first value adds to its forecast."""
    level, a, b, mean = start
    power = (1.0 - fit.alpha) ** lengths
    found = np.empty((horizon, len(lengths)))
    for step in range(horizon):
        found[step] = level + fit.share * _line(a, b, power, fit.alpha)
        value = found[step] + (error if step == 0 else 0.0)
        level = level + fit.alpha * (value - level)
        power = power * (1.0 - fit.alpha)
        if dynamic:
            a, b, mean = next_line(lengths + step, b, mean, value)
    return found


def _line(a: Matrix, b: Matrix, power: Matrix, alpha: Matrix) -> Matrix:
    """Return what the line adds once a level that follows behind it is taken off."""
    found: Matrix = a * power + b * (1.0 - power * (1.0 - alpha)) / alpha
    return found
