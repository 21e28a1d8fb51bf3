"""How sought after items are, and those that users touched."""

from __future__ import annotations

import polars as pl

from ecomsql.features.calendar import DAY
from ecomsql.features.event_log import CART, is_purchase

MONTH, WEEK = 30, 7


def item_demand(past: pl.DataFrame, cut: float) -> pl.DataFrame:
    """Return popularity, trend, price level and cart-to-purchase rate of each item.

    Parameters
    ----------
    past : DataFrame
        Events before the as-of.
    cut : float
        The as-of, in seconds.

    Returns
    -------
    DataFrame
        ``item``; ``popularity``, the logarithm of 1 + the purchases (or events, where nobody buys)
        of 30 days; ``trend``, that of 7 days against the same share of 30; ``usual_price``;
        ``bought_of_carted``, the share of events of putting into the cart or buying that buy.
    """
    known = past.filter(pl.col("item").is_not_null())
    counted = is_purchase if bool(known.select(is_purchase.any()).item()) else pl.lit(value=True)
    age = (cut - pl.col("time")) / DAY
    month, week = (counted & (age <= MONTH)).sum(), (counted & (age <= WEEK)).sum()
    bought, put = is_purchase.sum(), (pl.col("kind") == CART).sum()
    return known.group_by("item").agg(
        month.log1p().alias("popularity"),
        ((week + 1.0) / (month * (WEEK / MONTH) + 1.0)).log().alias("trend"),
        pl.col("price").mean().alias("usual_price"),
        pl.when(put > 0).then((bought + 1.0) / (put + bought + 2.0)).alias("bought_of_carted"),
    )


def touched_items(past: pl.DataFrame, cut: float) -> pl.DataFrame:
    """Return how sought after the items are that users touched: all, lately, and the last.

    Parameters
    ----------
    past : DataFrame
        Events before the as-of.
    cut : float
        The as-of, in seconds.
    """
    pairs = (
        past.filter(pl.col("item").is_not_null())
        .group_by("user", "item")
        .agg(age=(cut - pl.col("time").max()) / DAY)
        .join(item_demand(past, cut), on="item")
        .sort("user", "age", "item")
    )
    columns = ("popularity", "trend", "bought_of_carted")
    lately = pl.col("age") <= MONTH
    return pairs.group_by("user", maintain_order=True).agg(
        *(pl.col(name).mean().alias(f"touched_{name}") for name in columns),
        *(pl.col(name).filter(lately).mean().alias(f"touched_{name}_30d") for name in columns),
        *(pl.col(name).first().alias(f"touched_{name}_last") for name in columns),
    )
