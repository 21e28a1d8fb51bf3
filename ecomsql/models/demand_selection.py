"""Which model of demand says best what was sold at prices that it has not learned from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from ecomsql.features.price_rows import PriceRows
from ecomsql.models.demand_loglinear import Demand as LogLinear
from ecomsql.models.item_groups import Floats, ItemGroups
from ecomsql.models.price_demand import METHODS, demand_method, place_in_item
from ecomsql.progress import track

PARTS = 5
"""One row in how many is held out."""
FEWEST = 100
"""Rows from which on there is something to choose by."""
ENOUGH = 250_000
"""Rows to choose by, about, at most."""
SIMPLEST = "loglinear"


def chosen_method(rows: PriceRows, *, seed: int) -> str:
    """Return a method's name; that of the simplest unless another is better by a standard error.

    The last fifth of each item's rows by time is held out; without times every fifth row. What
    counts is the Poisson deviance at the item's dispersion, of quantities as shares of what the
    item sold in those rows: by how demand moves, not by how high it is. The rule of one standard
    error is that of Breiman et al. (Classification and Regression Trees, 1984).
    """
    if len(rows) < FEWEST:
        return SIMPLEST
    # Some items stand for all: every second, third, ...
    rows = rows.keep(rows.item % -(-len(rows) // ENOUGH) == 0)
    held = held_out(rows)
    known, later = rows.keep(~held), rows.keep(held)
    linear = LogLinear.of(known)
    noise = linear.told.noise
    usual = float(np.nanmedian(noise)) if np.isfinite(noise).any() else 1.0
    noise = np.maximum(np.where(np.isfinite(noise), noise, usual), max(1e-3 * usual, 1e-12))
    missed = {
        name: _deviances(demand_method(name).fit(known, linear, seed=seed).of_rows(later), later)
        / noise
        for name in track(METHODS, "compare")
    }
    best = min(METHODS, key=lambda name: float(missed[name].sum()))
    gain = missed[SIMPLEST] - missed[best]
    error = float(np.sqrt(len(gain)) * gain.std(ddof=1)) if len(gain) > 1 else 0.0
    if len(gain) == 1:
        # Of one item, a gain counts as the same of one more coefficient does.
        error = 2.0
    return best if float(gain.sum()) > error else SIMPLEST


def held_out(rows: PriceRows) -> NDArray[np.bool_]:
    """Return which rows are held out: the last by time of each item, or every fifth."""
    if not np.isfinite(rows.time).any():
        dealt: NDArray[np.bool_] = place_in_item(rows) % PARTS == PARTS - 1
        return dealt
    order = np.lexsort((rows.time, rows.item))
    counts = np.bincount(rows.item, minlength=rows.n_items)
    found = np.empty(len(rows), dtype=bool)
    found[order] = place_in_item(rows) >= counts[rows.item] * (1.0 - 1.0 / PARTS)
    return found


def _deviances(expected: Floats, rows: PriceRows) -> Floats:
    """Return the Poisson deviance of each item, expected quantities scaled to its sum."""
    groups = ItemGroups(rows.item, rows.n_items)
    there = np.where(np.isfinite(expected), expected, 0.0)
    whole, sold = groups.total(there), groups.total(rows.quantity)
    scale = np.divide(sold, whole, out=np.zeros_like(sold), where=whole > 0)
    scaled = np.maximum(there * scale[rows.item], 1e-12)
    missed = xlogy(rows.quantity, rows.quantity / scaled) - rows.quantity + scaled
    return 2.0 * groups.total(missed)
