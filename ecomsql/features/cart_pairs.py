"""Users with the items in their carts."""

from __future__ import annotations

import polars as pl
import polars.selectors as cs

from ecomsql.features.carts import HOUR, open_carts
from ecomsql.features.event_log import VIEW, is_purchase
from ecomsql.features.item_demand import item_demand
from ecomsql.features.price_habit import habits


def cart_pairs(past: pl.DataFrame, cut: float) -> pl.DataFrame:
    """Return features of each user with each item in the cart.

    Parameters
    ----------
    past : DataFrame
        Events before the as-of.
    cut : float
        The as-of, in seconds.

    Returns
    -------
    DataFrame
        ``user, item``, then: age in the cart, price against the user's habit, the item's usual
        price and the rest of the cart, earlier views and purchases of the item by the user and how
        long ago, and the item's popularity, trend and cart-to-purchase rate.
    """
    price, paid = pl.col("price"), pl.col("price").log()
    pairs = (
        open_carts(past)
        .join(_earlier(past, cut), on=["user", "item"], how="left")
        .join(habits(past), on="user", how="left")
        .join(item_demand(past, cut), on="item", how="left")
        .sort("user", "item")
    )
    return pairs.select(
        "user",
        "item",
        pair_hours=(cut - pl.col("latest")) / HOUR,
        pair_hours_oldest=(cut - pl.col("since")) / HOUR,
        pair_place=pl.col("latest").rank("ordinal", descending=True).over("user"),
        pair_price=price,
        pair_price_to_habit=paid - pl.col("habit"),
        pair_price_to_usual=paid - pl.col("usual_price").log(),
        pair_price_to_cart=paid - price.mean().over("user").log(),
        pair_value=pl.col("value"),
        pair_views=pl.col("views"),
        pair_purchases=pl.col("purchases"),
        pair_hours_since_view=pl.col("hours_since_view"),
        pair_hours_since_purchase=pl.col("hours_since_purchase"),
        pair_popularity=pl.col("popularity"),
        pair_trend=pl.col("trend"),
        pair_bought_of_carted=pl.col("bought_of_carted"),
    ).with_columns(cs.float().replace([float("inf"), float("-inf")], None))


def _earlier(past: pl.DataFrame, cut: float) -> pl.DataFrame:
    """Return what users did with items before: views and purchases, and hours since."""
    viewed, hours = pl.col("kind") == VIEW, (cut - pl.col("time")) / HOUR
    return past.group_by("user", "item").agg(
        views=viewed.sum(),
        purchases=is_purchase.sum(),
        hours_since_view=hours.filter(viewed).min(),
        hours_since_purchase=hours.filter(is_purchase).min(),
    )
