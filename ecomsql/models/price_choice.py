"""The best price of each item, what is expected of it, and how sure the gain is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.price_rows import PriceRows
from ecomsql.models.demand_loglinear import Demand as LogLinear
from ecomsql.models.elasticities import quantile
from ecomsql.models.item_groups import Floats, ItemGroups, Longs
from ecomsql.models.lift_error import ratio_error
from ecomsql.models.price_candidates import PriceRules, price_bounds, price_candidates
from ecomsql.models.price_demand import PriceDemand
from ecomsql.models.price_now import last_values
from ecomsql.models.price_status import FLAT, Outcome, statuses

FINER = 41
"""Prices asked of again, around the best ones."""
SAME = 1e-9
"""Share of the best worth within which others are as good: of those the nearest is taken."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What the best price is.

    Attributes
    ----------
    is_profit : bool
        Profit, else revenue.
    rules : PriceRules
    level : float in (0, 1)
        Of the interval of the gain.
    cautious : bool
        Whether prices stay where the lower end of that interval is not above 0.
    seed : int
    """

    is_profit: bool
    rules: PriceRules
    level: float
    cautious: bool
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Gain:
    """From what a piece earns before and after, and how the log of demand changes.

    All arrays have shape (n_items,).
    """

    before: Floats
    after: Floats
    change: Floats
    error: Floats
    freedom: Floats

    def lift(self, share: float) -> Floats:
        """Return a quantile of the gain, as a share of what is earned; NaN where that is a loss."""
        sign = np.where(self.after >= 0.0, 1.0, -1.0)
        reach = quantile(share, self.freedom) * self.error
        moved = self.change + sign * np.where(self.error > 0.0, reach, 0.0)
        margin = self.after / np.where(self.before > 0.0, self.before, np.nan)
        found: Floats = np.where(self.after == self.before, margin, margin * np.exp(moved)) - 1.0
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What is told of each item, arrays of shape (n_items,); NaN where nothing can be."""

    current_price: Floats
    optimal_price: Floats
    expected_quantity: Floats
    expected_revenue: Floats
    expected_profit: Floats
    gain: Gain
    elasticity: Floats
    status: list[str]

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes, about."""
        return 12 * self.elasticity.nbytes + 120 * len(self.status)


def best_prices(
    rows: PriceRows, linear: LogLinear, demand: PriceDemand, cost: Floats, aim: Aim
) -> Prices:
    """Choose the price of each item.

    Parameters
    ----------
    rows : PriceRows
    linear, demand
        Learned from `rows`.
    cost : float64 array, shape (n_items,)
        Of a piece; NaN where it is not known.
    aim : Aim
    """
    groups = ItemGroups(rows.item, rows.n_items)
    current = last_values(rows.item, rows.time, rows.price, rows.n_items)
    low, high = price_bounds(current, groups.least(rows.price), groups.most(rows.price), aim.rules)
    off = cost if aim.is_profit else np.zeros(len(current))
    now = demand.expected(current[:, None])[:, 0]
    prices, expected = _asked(demand, current, low, high, aim.rules, demand.points)
    slope = _slopes(linear, demand, prices, expected)
    moves = (slope < FLAT) & np.isfinite(off)
    each = np.arange(len(current))
    near = prices[each, _best(prices, (prices - off[:, None]) * expected, current)]
    step = (high / low) ** (1.0 / (demand.points - 1))
    nearer = np.maximum(low, near / step), np.minimum(high, near * step)
    more = _asked(demand, current, *nearer, aim.rules, FINER)
    prices, expected = np.hstack([prices, more[0]]), np.hstack([expected, more[1]])
    chosen = _best(prices, (prices - off[:, None]) * expected, current)
    optimal = np.where(moves, prices[each, chosen], current)
    quantity = np.where(moves, expected[each, chosen], now)
    error, freedom = ratio_error(rows, linear, demand, current, optimal, seed=aim.seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.log(quantity / now)
    gain = Gain(current - off, optimal - off, change, error, freedom)
    least = gain.lift(0.5 - aim.level / 2.0)
    unsure = (optimal != current) & ~(least > 0.0) & np.isfinite(least)
    stays = unsure & aim.cautious
    outcome = Outcome(current, optimal, low, high, prices, off, slope, moves, unsure, aim.cautious)
    status = statuses(outcome, linear.told.status, demand.method)
    optimal, quantity = np.where(stays, current, optimal), np.where(stays, now, quantity)
    gain = replace(gain, after=np.where(stays, gain.before, gain.after))
    return Prices(
        current,
        optimal,
        quantity,
        optimal * quantity,
        (optimal - cost) * quantity,
        gain,
        slope,
        status,
    )


def _asked(
    demand: PriceDemand, current: Floats, low: Floats, high: Floats, rules: PriceRules, points: int
) -> tuple[Floats, Floats]:
    """Return candidates, and what is expected of them."""
    prices = price_candidates(current, low, high, rules, points)
    return prices, demand.expected(prices)


def _best(prices: Floats, worth: Floats, current: Floats) -> Longs:
    """Return which price of each item is worth most, the nearest to the current one of equals."""
    known = np.where(np.isfinite(worth), worth, -np.inf)
    top = known.max(axis=1)
    with np.errstate(invalid="ignore"):
        is_good = known >= (top - SAME * np.abs(top))[:, None]
    far = np.abs(np.log(prices / current[:, None]))
    nearest: Longs = np.where(is_good & np.isfinite(far), far, np.inf).argmin(axis=1)
    return nearest


def _slopes(linear: LogLinear, demand: PriceDemand, prices: Floats, expected: Floats) -> Floats:
    """Return elasticities; of steps and trees the slope of logs over the candidates."""
    if demand.method == "loglinear":
        return linear.told.elasticity
    there: NDArray[np.bool_] = np.isfinite(prices) & (expected > 0.0)
    counts = np.maximum(there.sum(axis=1, keepdims=True), 1)
    x, y = (np.where(there, np.log(np.where(there, one, 1.0)), 0.0) for one in (prices, expected))
    x, y = (np.where(there, one - one.sum(axis=1, keepdims=True) / counts, 0.0) for one in (x, y))
    spread = (x * x).sum(axis=1)
    is_told = spread > 1e-12
    slope = (x * y).sum(axis=1) / np.where(is_told, spread, 1.0)
    slope = np.where(slope < FLAT, slope, 0.0)
    # Without other prices to ask of, what the log-linear model says.
    found: Floats = np.where(is_told, slope, linear.told.elasticity)
    return found
