"""How much demand is not exceeded with a probability, from its mean and variance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaincinv, pdtr

from ecomsql.models.series_batch import Matrix

SMALLEST = 1e-12
"""Share of the squared mean that a variance is at least."""
CLOSE, FAR_LESS = 1e-6, 0.5
"""Counts whose variance is no farther above their mean, and no less than half of it, are those of
chance (Poisson)."""
ROUNDING = 1e-5
"""Share of a quantile that does not make it one more."""


def demand_quantile(
    mean: Matrix, variance: Matrix, probability: float, is_count: NDArray[np.bool_]
) -> Matrix:
    """Return the quantile of demand: 0 or more, and whole for counts.

    Demand has a gamma distribution, or as counts a negative binomial one, both of which are skewed
    where the mean is small beside the spread, as that of seldom sold items is (Syntetos, Babai,
    Altay: On the demand distributions of spare parts, 2012).

    Parameters
    ----------
    mean, variance : float64 arrays, shape (n_items,)
        0 or more.
    probability : float in (0, 1)
    is_count : bool array, shape (n_items,)

    Returns
    -------
    float64 array, shape (n_items,)
    """
    found = np.zeros(len(mean))
    some = mean > 0.0
    spread = np.maximum(variance[some], SMALLEST * mean[some] ** 2)
    gamma = gammaincinv(mean[some] ** 2 / spread, probability) * spread / mean[some]
    found[some] = np.where(np.isfinite(gamma), gamma, mean[some])
    rows = np.flatnonzero(some & is_count & (mean < 1e6) & (variance >= FAR_LESS * mean))
    if len(rows):
        found[rows] = _count_quantile(mean[rows], variance[rows], probability)
    return np.where(is_count, np.ceil(found * (1.0 - ROUNDING)), found)


def _count_quantile(mean: Matrix, variance: Matrix, probability: float) -> Matrix:
    """Return the least counts that are not exceeded with the probability, by bisection."""
    poisson = variance <= mean * (1.0 + CLOSE)
    share = np.where(poisson, 1.0, mean / np.maximum(variance, mean))
    size = np.where(poisson, 1.0, mean * share / np.where(poisson, 1.0, 1.0 - share))

    def reached(counts: Matrix) -> NDArray[np.bool_]:
        chance = np.where(poisson, pdtr(counts, mean), betainc(size, counts + 1.0, share))
        enough: NDArray[np.bool_] = chance >= probability
        return enough

    low, high = np.full(len(mean), -1.0), np.ones(len(mean))
    while not (there := reached(high)).all():
        low, high = np.where(there, low, high), np.where(there, high, 2.0 * high)
    while (high - low > 1.0).any():
        middle = np.floor(0.5 * (low + high))
        there = reached(middle)
        low, high = np.where(there, low, middle), np.where(there, middle, high)
    return high
