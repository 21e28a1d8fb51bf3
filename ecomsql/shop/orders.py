"""Order lines: what was paid, and what came back."""

from __future__ import annotations

import numpy as np
import polars as pl

from ecomsql.shop.assortment import CATEGORIES, Assortment
from ecomsql.shop.seasons import START


def order_lines(
    events: pl.DataFrame, goods: Assortment, days: int, rng: np.random.Generator
) -> pl.DataFrame:
    """Return ``order_id, user_id, item_id, ts, quantity, price``, by time.

    An order is a session with purchases. A line that comes back is a second line of the same
    order, later and of negative quantity.
    """
    sold = events.filter(pl.col("event_type") == "purchase").select(
        pl.col("session_id").rank("dense").cast(pl.Int64).alias("order_id"),
        *("user_id", "item_id", "ts", "quantity", "price"),
    )
    back = sold.filter(pl.Series(_returned(sold, goods, rng), dtype=pl.Boolean))
    after = rng.integers(3 * 86_400, 21 * 86_400, len(back))
    back = back.with_columns(
        pl.col("ts") + pl.duration(seconds=pl.lit(pl.Series(after))), quantity=-pl.col("quantity")
    )
    end = pl.lit(START) + pl.duration(days=days)
    return pl.concat([sold, back.filter(pl.col("ts") < end)]).sort("ts", "order_id", "item_id")


def _returned(sold: pl.DataFrame, goods: Assortment, rng: np.random.Generator) -> np.ndarray:
    """Draw which lines come back, with the probability of their category."""
    share = np.asarray([c.returned for c in CATEGORIES])
    line = goods.category[sold["item_id"].to_numpy() - 1]
    drawn: np.ndarray = rng.random(len(sold)) < share[line]
    return drawn
