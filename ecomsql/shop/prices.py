"""Prices day for day, with promotions, and the demand that answers them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecomsql.shop.assortment import Assortment
from ecomsql.shop.seasons import START, daily

PROMOTIONS = 5.0
"""Mean number of promotions a year and product."""

DISCOUNTS = (0.10, 0.15, 0.20, 0.25, 0.30)
DRIFT = 0.03
"""Standard deviation of the log of the list price's change each quarter."""


def daily_prices(goods: Assortment, days: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the price of each product on each day, shape (items, days), in cents' steps."""
    quarters = np.arange(days) // 91
    change = np.cumsum(rng.normal(0, DRIFT, (len(goods), quarters[-1] + 1)), axis=1)
    change -= change[:, :1]
    level = goods.price[:, None] * np.exp(change)[:, quarters]
    return np.round(level * (1 - _discounts(len(goods), days, rng)), 2)


def _discounts(items: int, days: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the share taken off, shape (items, days): 0 but for promotions."""
    off = np.zeros((items, days))
    for item, count in enumerate(rng.poisson(PROMOTIONS * days / 365, items)):
        for _ in range(count):
            start, length = rng.integers(days), rng.integers(7, 15)
            off[item, start : start + length] = rng.choice(DISCOUNTS)
    return off


def daily_demand(
    goods: Assortment, prices: NDArray[np.float64], rng: np.random.Generator
) -> pl.DataFrame:
    """Return ``item_id, ts, price, quantity``: sales over all channels, every item, every day."""
    items, days = prices.shape
    ratio = prices / goods.price[:, None]
    mean = goods.base[:, None] * daily(days) * ratio ** goods.elasticity[:, None]
    dates = [START.date() + dt.timedelta(days=d) for d in range(days)]
    return pl.DataFrame(
        {
            "item_id": np.repeat(np.arange(1, items + 1), days),
            "ts": pl.Series(dates * items, dtype=pl.Date),
            "price": prices.ravel(),
            "quantity": rng.poisson(mean).ravel().astype(np.int32),
        }
    )
