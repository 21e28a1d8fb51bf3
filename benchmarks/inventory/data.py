"""Demand by day: what is known, and what came after."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import duckdb
import numpy as np

from benchmarks.datasets import DATA

WEEK = np.array([0.8, 0.7, 0.8, 0.9, 1.1, 1.5, 1.2])
DAYS, LATER = 365, 91
N_ITEMS = 150


def weekly(random: np.random.Generator, days: int) -> np.ndarray:
    """Return counts with a week in them."""
    return random.poisson(random.uniform(2.0, 40.0) * WEEK[np.arange(days) % 7])


def seldom(random: np.random.Generator, days: int) -> np.ndarray:
    """Return single pieces, now and then."""
    return random.poisson(random.uniform(0.05, 0.5), days)


def lots(random: np.random.Generator, days: int) -> np.ndarray:
    """Return lots, now and then."""
    size = random.uniform(2.0, 10.0)
    return (random.random(days) < random.uniform(0.05, 0.3)) * (1 + random.poisson(size, days))


def drifting(random: np.random.Generator, days: int) -> np.ndarray:
    """Return counts whose mean wanders."""
    level = np.zeros(days)
    for day in range(1, days):
        level[day] = 0.98 * level[day - 1] + random.normal(0.0, 0.08)
    return random.poisson(random.uniform(5.0, 40.0) * np.exp(level) * WEEK[np.arange(days) % 7])


def growing(random: np.random.Generator, days: int) -> np.ndarray:
    """Return counts that rise, or fall, by half to twice a year."""
    slope = random.uniform(-0.5, 1.0)
    return random.poisson(random.uniform(5.0, 40.0) * (1.0 + slope * np.arange(days) / 365.0))


def _made(make: Callable[[np.random.Generator, int], np.ndarray]) -> list[np.ndarray]:
    random = np.random.default_rng(5)
    return [make(random, DAYS + LATER).astype(float) for _ in range(N_ITEMS)]


def shop() -> list[np.ndarray]:
    """Return the demand of the products of the generated shop, with its prices and promotions."""
    from ecomsql.shop import simulate

    rows = simulate(items=150, users=24, days=DAYS + LATER).tables["prices"]
    parts = rows.sort("item_id", "ts").partition_by("item_id", maintain_order=True)
    return [part["quantity"].to_numpy().astype(float) for part in parts]


def online_retail() -> list[np.ndarray]:
    """Return pieces a day of 300 articles of Online Retail, drawn from those sold on 40 days."""
    rows = duckdb.sql(f"""
        WITH days AS (
            SELECT StockCode, InvoiceDate::DATE AS day, sum(Quantity) AS pieces
            FROM '{DATA}/online_retail.parquet' WHERE Quantity > 0 GROUP BY ALL
        ),
        items AS (
            SELECT StockCode, min(day) AS start FROM days GROUP BY StockCode
            HAVING count(*) >= 40 AND min(day) < DATE '2011-04-01'
            ORDER BY hash(StockCode) LIMIT 300
        ),
        calendar AS (
            SELECT DATE '2010-12-01' + day::INTEGER AS day
            FROM range(date_diff('day', DATE '2010-12-01', DATE '2011-12-09') + 1) AS _(day)
        )
        SELECT list(coalesce(pieces, 0) ORDER BY day)
        FROM items JOIN calendar ON day >= start LEFT JOIN days USING (StockCode, day)
        GROUP BY StockCode ORDER BY StockCode
    """).fetchall()
    return [np.array(one, dtype=float) for (one,) in rows]


MADE = (weekly, seldom, lots, drifting, growing)
DEMAND: dict[str, tuple[Callable[[], list[np.ndarray]], tuple[str, ...]]] = {
    **{one.__name__: (partial(_made, one), ()) for one in MADE},
    "shop": (shop, ()),
    "online_retail": (online_retail, ("online_retail.parquet",)),
}
