"""Price elasticities of expected quantities, with rows of quantity 0, item by item."""

from __future__ import annotations

import numpy as np

from ecomsql.models.elasticity import SOME_PRICES, Slopes, solved
from ecomsql.models.item_groups import Floats, ItemGroups
from ecomsql.progress import checkpoint

STEPS = 30
"""Steps of Newton's method, at most."""
CLOSE = 1e-7
"""Change of the elasticities below which they have been found."""
ENOUGH = 1e-3
"""Change up to which they are taken as found when the steps are used up."""
NOTHING = 1e-7
"""Share of the item's mean quantity below which nothing is expected to be sold."""
RANGE = 30.0
"""Logs of expected quantities stay within this of the log of the item's mean."""


def poisson_slopes(
    groups: ItemGroups, log_price: Floats, quantity: Floats, controls: Floats, *, robust: bool
) -> Slopes:
    """Fit the log of the expected quantity as a line over the log of the price, with a constant.

    Poisson pseudo-likelihood, by weighted least squares again and again: consistent whatever the
    distribution of quantities is, which the regression of logs is not (Santos Silva and Tenreyro:
    The log of gravity, 2006). Standard errors are scaled by the dispersion that is there.

    Parameters
    ----------
    groups : ItemGroups
    log_price, quantity : float64 arrays, shape (n_rows,)
        Quantities of at least 0.
    controls : float64 array, shape (n_controls, n_rows)
    robust : bool
        Standard errors by the residuals of the rows themselves (HC1).

    Returns
    -------
    Slopes
        `r2` is the squared correlation of quantities with what is expected.
    """
    mean = groups.spread(groups.mean(quantity))
    expected = (quantity + mean) / 2.0
    columns = np.vstack([controls, log_price, np.zeros(len(quantity))])
    before = np.full(len(groups), np.inf)
    lowest = np.log(np.maximum(mean, 1e-300))
    change = before
    for _ in range(STEPS):
        checkpoint()
        weights = np.maximum(expected, 1e-300)
        log_expected = np.log(weights)
        columns[-1] = log_expected + (quantity - expected) / weights
        found = solved(groups, columns, weights, robust=robust)
        slope = np.nan_to_num(found.slope)
        level = groups.mean(columns, weights)
        line = groups.spread(level[-1]) + groups.spread(slope) * (
            log_price - groups.spread(level[-2])
        )
        for at, control in enumerate(controls):
            effect = groups.spread(found.effects[at])
            line += effect * (control - groups.spread(level[at]))
        expected = np.exp(np.clip(line, lowest - RANGE, lowest + RANGE))
        change, before = np.abs(slope - before), slope
        # Where nothing is sold at some prices, the slope goes on to infinity.
        endless = groups.least(expected / mean) < NOTHING
        if change[~endless].max(initial=0.0) < CLOSE:
            break
    lost = found.is_fitted & (endless | (change > ENOUGH))
    r2 = np.where(lost, np.nan, _squared_correlation(groups, quantity, expected, found))
    slope, variance, noise, freedom, spread = (
        np.where(lost, np.nan, one)
        for one in (found.slope, found.variance, found.noise, found.freedom, found.spread)
    )
    state = np.where(lost, SOME_PRICES, found.state)
    effects = found.effects * ~lost
    return Slopes(slope, variance, noise, freedom, spread, r2, found.n, state, effects)


def _squared_correlation(
    groups: ItemGroups, quantity: Floats, expected: Floats, found: Slopes
) -> Floats:
    pair = np.stack([quantity, expected])
    products = groups.products(pair - groups.spread(groups.mean(pair)))
    whole = products[:, 0, 0] * products[:, 1, 1]
    is_there = found.is_fitted & (whole > 0)
    r2: Floats = products[:, 0, 1] ** 2 / np.where(is_there, whole, np.nan)
    return r2
