"""What is in users' carts: put in, and not bought since."""

from __future__ import annotations

import polars as pl

from ecomsql.features.event_log import CART, is_purchase

HOUR = 3600.0


def open_carts(past: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of users and items in the cart.

    Parameters
    ----------
    past : DataFrame
        Events before the as-of.

    Returns
    -------
    DataFrame
        ``user, item, since`` (first put in after the last purchase of the item), ``latest`` (last
        put in), ``price`` and ``value`` (price times quantity) of the last.
    """
    return _carted(past).filter("is_open").drop("is_open")


def carts(past: pl.DataFrame, cut: float) -> pl.DataFrame:
    """Return number, value and age of what is in users' carts, and how often they buy from it.

    Parameters
    ----------
    past : DataFrame
        Events before the as-of.
    cut : float
        The as-of, in seconds.
    """
    is_open = pl.col("is_open")
    held = pl.col("latest").filter(is_open)
    return (
        _carted(past)
        .group_by("user")
        .agg(
            is_open.sum().alias("cart_items"),
            pl.col("value").filter(is_open).sum().alias("cart_value"),
            ((cut - held.max()) / HOUR).alias("cart_hours"),
            ((cut - pl.col("since").filter(is_open).min()) / HOUR).alias("cart_hours_oldest"),
            (cut - held <= 24 * HOUR).sum().alias("cart_items_1d"),
            (cut - held <= 7 * 24 * HOUR).sum().alias("cart_items_7d"),
            (1.0 - is_open.mean()).alias("cart_bought_share"),
        )
    )


def _carted(past: pl.DataFrame) -> pl.DataFrame:
    """Return the last stay in the cart of each pair, and whether it lasts."""
    with_item = past.filter(pl.col("item").is_not_null())
    bought = with_item.filter(is_purchase).group_by("user", "item").agg(paid=pl.col("time").max())
    put = with_item.filter(pl.col("kind") == CART).join(bought, on=["user", "item"], how="left")
    # The purchase of what is put in ends the stay; what is put in after it begins another.
    stay = (pl.col("time") > pl.col("paid")).fill_null(value=True)
    return put.group_by("user", "item", maintain_order=True).agg(
        stay.any().alias("is_open"),
        pl.col("time").filter(stay).min().alias("since"),
        pl.col("time").max().alias("latest"),
        pl.col("price").last(),
        (pl.col("price") * pl.col("quantity")).last().alias("value"),
    )
