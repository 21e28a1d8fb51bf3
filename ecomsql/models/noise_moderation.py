"""What the noise of many regressions says of the noise of each."""

from __future__ import annotations

import numpy as np
from scipy.special import digamma, polygamma

from ecomsql.models.item_groups import Floats

STEPS = 60
"""Halvings of the interval in which the degrees of freedom are sought, on a log scale."""
FEWEST = 3
"""Regressions from which on they say something of each other."""
FLOOR = 1e-10
"""Share of the middle variance up to which a variance is none."""
LEAST = 1.0
"""Degrees of freedom of what is usual, at least."""


def moderated(noise: Floats, freedom: Floats) -> tuple[Floats, Floats]:
    """Pull residual variances of few degrees of freedom toward the usual one.

    Two rows that happen to lie on a line with a third say nothing of how sure its slope is. The
    variances are taken as drawn from a scaled inverse chi-square distribution whose two parameters
    are found by the moments of their logs (Smyth: Linear models and empirical Bayes methods for
    assessing differential expression in microarray experiments, 2004).

    Parameters
    ----------
    noise, freedom : float64 arrays, shape (n,)
        Residual variances, and degrees of freedom above 0.

    Returns
    -------
    noise, freedom : float64 arrays, shape (n,)
        The expected variances, and their degrees of freedom; what was given where there are
        fewer than three that are above 0.
    """
    above = noise[noise > 0.0]
    usual = float(np.median(above)) if len(above) else 0.0
    # Those without noise are of another kind; they learn, but do not teach.
    tells = noise > FLOOR * usual
    if tells.sum() < FEWEST:
        return noise, freedom
    half = freedom[tells] / 2.0
    logs = np.log(noise[tells]) - digamma(half) + np.log(half)
    beyond = float(logs.var(ddof=1) - polygamma(1, half).mean())
    if beyond <= 0.0:
        return np.full(len(noise), np.exp(logs.mean())), np.full(len(noise), np.inf)
    prior = _freedom(beyond)
    middle = np.exp(logs.mean() + digamma(prior / 2.0) - np.log(prior / 2.0))
    return (prior * middle + freedom * noise) / (prior + freedom), prior + freedom


def _freedom(variance: float) -> float:
    """Return the degrees of freedom of which log variances vary that much."""
    low, high = np.log(LEAST), np.log(1e9)
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        is_more = polygamma(1, np.exp(middle) / 2.0) > variance
        low, high = (middle, high) if is_more else (low, middle)
    return float(np.exp((low + high) / 2.0))
