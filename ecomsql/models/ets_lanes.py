"""Parameters and first states of many exponential smoothing models, side by side."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from ecomsql.models.series_batch import Longs, Matrix

LOW, HIGH = 1e-4, 0.9999
LOW_PHI, HIGH_PHI = 0.8, 0.98


@dataclass(frozen=True, slots=True, eq=False)
class EtsLanes:
    """One model a lane: it has a series of its own.

    Attributes
    ----------
    alpha, beta, gamma, phi : float64 arrays, shape (n_lanes,)
        How fast level, trend and season follow, and how the trend fades. Without a trend beta is 0
        and so is its first state; without a season gamma is 0.
    level, trend : float64 arrays, shape (n_lanes,)
        Before the first value.
    season : float64 array, shape (season, n_lanes)
        Before the first value; row ``t`` is for the value at ``t``. No row without a season.
    """

    alpha: Matrix
    beta: Matrix
    gamma: Matrix
    phi: Matrix
    level: Matrix
    trend: Matrix
    season: Matrix

    def take(self, lanes: Longs) -> EtsLanes:
        """Return some of the lanes."""
        return EtsLanes(*(getattr(self, one.name)[..., lanes] for one in fields(self)))


def smoothing(angles: Matrix, steepest: float) -> tuple[Matrix, ...]:
    """Return alpha, beta, gamma and phi of angles, shape (n_lanes, 4), within the usual bounds.

    `steepest` is what beta is at most, besides alpha.

    Squares of sines: what is best at a bound is reached there, and not only come near to.
    """
    share = np.sin(angles) ** 2
    alpha = LOW + (HIGH - LOW) * share[:, 0]
    beta = LOW + (np.minimum(alpha, steepest) - LOW) * share[:, 1]
    gamma = LOW + np.maximum(1.0 - alpha - LOW, 0.0) * share[:, 2]
    phi = LOW_PHI + (HIGH_PHI - LOW_PHI) * share[:, 3]
    return alpha, beta, gamma, phi


def angles_of(points: Matrix, steepest: float) -> Matrix:
    """Return the angles of parameters, shape (n_lanes, 4); of those at a bound, close to it."""
    alpha, beta, gamma, phi = points.T
    shares = np.stack(
        [
            (alpha - LOW) / (HIGH - LOW),
            (beta - LOW) / (np.minimum(alpha, steepest) - LOW),
            (gamma - LOW) / (1.0 - alpha - LOW),
            (phi - LOW_PHI) / (HIGH_PHI - LOW_PHI),
        ],
        axis=1,
    )
    angles: Matrix = np.arcsin(np.sqrt(shares.clip(0.002, 0.998)))
    return angles


def slope_of_angles(angles: Matrix, slope: Matrix, steepest: float) -> Matrix:
    """Turn the slope by alpha, beta, gamma and phi, shape (n_lanes, 4), into that by angles."""
    alpha = smoothing(angles, steepest)[0]
    share, turn = np.sin(angles) ** 2, np.sin(2.0 * angles)
    by_alpha = slope[:, 0] - share[:, 2] * slope[:, 2]
    by_alpha = by_alpha + share[:, 1] * slope[:, 1] * (alpha < steepest)
    width = np.stack(
        [
            np.full(len(alpha), HIGH - LOW),
            np.minimum(alpha, steepest) - LOW,
            np.maximum(1.0 - alpha - LOW, 0.0),
            np.full(len(alpha), HIGH_PHI - LOW_PHI),
        ],
        axis=1,
    )
    by_share: Matrix = np.concatenate([by_alpha[:, None], slope[:, 1:]], axis=1) * width
    return by_share * turn
