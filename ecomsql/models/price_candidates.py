"""The prices that an item may have."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ecomsql.models.item_groups import Floats

CLOSE = 1e-9
"""Share of a price within which it counts as within bounds."""


@dataclass(frozen=True, slots=True)
class PriceRules:
    """What is asked of prices.

    Attributes
    ----------
    max_change : float
        Share of the current price by which it may change.
    extrapolate : bool
        Whether prices may lie beyond those that were seen.
    least, most : float
        Bounds of all prices.
    step : float or None
        What prices are multiples of.
    endings : tuple of float
        What prices end on, instead: .99 is 4.99, 5.99, ...; 9 is 19, 29, ...; 99 is 199, ...
    """

    max_change: float
    extrapolate: bool
    least: float
    most: float
    step: float | None
    endings: tuple[float, ...]


def price_bounds(
    current: Floats, seen_least: Floats, seen_most: Floats, rules: PriceRules
) -> tuple[Floats, Floats]:
    """Return the least and the highest price of each item; the least is above where none may be."""
    low = np.maximum(current * (1.0 - rules.max_change), rules.least)
    high = np.minimum(current * (1.0 + rules.max_change), rules.most)
    if not rules.extrapolate:
        low, high = np.maximum(low, seen_least), np.minimum(high, seen_most)
    return low, high


def price_candidates(
    current: Floats, low: Floats, high: Floats, rules: PriceRules, points: int
) -> Floats:
    """Return prices to choose from: about `points` of each ending, and the current price first.

    Parameters
    ----------
    current, low, high : float64 arrays, shape (n_items,)
    points : int
        Prices between the bounds, at equal ratios.

    Returns
    -------
    float64 array, shape (n_items, n_prices)
        NaN for what is no candidate. The current price is always one, unless it lies beyond the
        bounds of all prices and there are others.
    """
    there = low <= high * (1.0 + CLOSE)
    safe_low, safe_high = np.where(there, low, 1.0), np.where(there, np.maximum(low, high), 1.0)
    shares = np.linspace(0.0, 1.0, points)
    grid = safe_low[:, None] * (safe_high / safe_low)[:, None] ** shares
    if rules.endings:
        found = np.hstack([_nearest(grid, ending, _unit(ending)) for ending in rules.endings])
    else:
        found = grid if rules.step is None else _nearest(grid, 0.0, rules.step)
    is_in = (found >= safe_low[:, None] * (1.0 - CLOSE)) & (
        found <= safe_high[:, None] * (1.0 + CLOSE)
    )
    found = np.where(is_in & there[:, None] & (found > 0.0), found, np.nan)
    beyond = (current < rules.least) | (current > rules.most)
    stays = np.where(beyond & np.isfinite(found).any(axis=1), np.nan, current)
    return np.column_stack([stays, found])


def _unit(ending: float) -> float:
    """Return what comes again: 1 for .99 and 0, 10 for 9, 100 for 99."""
    return 1.0 if ending < 1.0 else 10.0 ** (math.floor(math.log10(ending)) + 1)


def _nearest(prices: Floats, ending: float, unit: float) -> Floats:
    """Return the nearest of ending, ending + unit, ..., without digits that are rounding alone."""
    digits = 12 - math.ceil(math.log10(max(float(np.nanmax(prices, initial=1.0)), unit, 1.0)))
    found: Floats = np.round(np.round((prices - ending) / unit) * unit + ending, max(digits, 0))
    return found
