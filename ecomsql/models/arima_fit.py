"""Parameters of the greatest likelihood for many ARMA models at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ecomsql.models.arima_lanes import EDGE, Lanes
from ecomsql.models.arima_polynomials import Matrix

ROUNDS = 15
"""Steps at most; three to eight do."""
FIRST_DAMPING, LEAST_DAMPING, MOST_DAMPING = 1e-3, 1e-9, 1e6


@dataclass(slots=True, eq=False)
class Slopes:
    """What a sum of squares is at some parameters, and which way is down.

    Attributes
    ----------
    loss : float64 array, shape (lanes,)
        Sum of the squares of the errors; infinite where there is none.
    gradient : float64 array, shape (lanes, 14)
        Half the slope of the loss; 0 for parameters that are not used.
    gram : float64 array, shape (lanes, 14, 14)
        Of the errors' slopes.
    """

    loss: Matrix
    gradient: Matrix
    gram: Matrix


@dataclass(slots=True, eq=False)
class Fitted:
    """Where the likelihood is greatest.

    Attributes
    ----------
    free : float64 array, shape (14, lanes)
    loss : float64 array, shape (lanes,)
        Minus two log-likelihoods are ``n log(2 pi loss / n) + n``.
    """

    free: Matrix
    loss: Matrix


def fit(lanes: Lanes, slopes: Callable[[Lanes], Slopes], *, tolerance: float) -> Fitted:
    """Go from the lanes' parameters downhill, by the steps of Levenberg and Marquardt.

    Parameters
    ----------
    lanes : Lanes
    slopes : callable
        Says of lanes what their loss is.
    tolerance : float
        Share of the loss below which a further gain is not sought.
    """
    found = Fitted(lanes.free.copy(), np.full(len(lanes), np.inf))
    gradient = np.zeros((len(lanes), len(lanes.free)))
    gram = np.zeros((*gradient.shape, gradient.shape[1]))
    damping = np.full(len(lanes), FIRST_DAMPING)
    going, tried = np.arange(len(lanes)), lanes
    for _ in range(ROUNDS):
        seen = slopes(tried)
        old = found.loss[going]
        better = seen.loss < old
        won, lost = going[better], going[~better]
        found.free[:, won], found.loss[won] = tried.free[:, better], seen.loss[better]
        gradient[won], gram[won] = seen.gradient[better], seen.gram[better]
        damping[won] = np.maximum(damping[won] * 0.1, LEAST_DAMPING)
        damping[lost] = np.maximum(damping[lost] * 10.0, 10.0 * FIRST_DAMPING)
        flat = better & np.isfinite(old) & (old - seen.loss < tolerance * old)
        going = going[~flat & np.isfinite(found.loss[going])]
        step = _step(gradient[going], gram[going], damping[going])
        promised = -(step * gradient[going]).sum(axis=1)
        worth = (promised > tolerance * found.loss[going]) & (damping[going] < MOST_DAMPING)
        going, step = going[worth], step[worth]
        if not len(going):
            break
        free = np.clip(found.free[:, going] + step.T, -EDGE, EDGE)
        tried = Lanes(lanes.rows[going], lanes.orders[:, going], free)
    return found


def _step(gradient: Matrix, gram: Matrix, damping: Matrix) -> Matrix:
    """Return the step of each lane, shape (lanes, 14)."""
    steep = gram.copy()
    diagonal = np.einsum("lii->li", steep)
    scale = diagonal.max(axis=1, initial=1e-300, keepdims=True)
    # Parameters that are not used, or say nothing, stay.
    diagonal += damping[:, None] * diagonal + 1e-10 * scale
    step: Matrix = np.linalg.solve(steep, -gradient[..., None])[..., 0].astype(np.float64)
    return step
