"""What users look at, against the prices that they are used to."""

from __future__ import annotations

import polars as pl

from ecomsql.features.calendar import DAY
from ecomsql.features.event_log import CART, VIEW, is_purchase


def habits(past: pl.DataFrame) -> pl.DataFrame:
    """Return ``user, habit``: the mean log price of what a user bought, or else looked at."""
    price = pl.col("price").log()
    known = past.filter(pl.col("price") > 0)
    bought = price.filter(is_purchase).mean()
    return known.group_by("user").agg(habit=pl.coalesce(bought, price.mean()))


def price_habit(past: pl.DataFrame, cut: float) -> pl.DataFrame:
    """Return how dear users' habits are, and what they touched lately relative to them.

    Prices are logarithms, so that the differences are of shares.

    Parameters
    ----------
    past : DataFrame
        Events before the as-of.
    cut : float
        The as-of, in seconds.
    """
    known = past.filter(pl.col("price") > 0).join(habits(past), on="user")
    beyond = pl.col("price").log() - pl.col("habit")
    recent = pl.col("time") >= cut - 7 * DAY
    return known.group_by("user", maintain_order=True).agg(
        pl.col("habit").first().alias("price_habit"),
        pl.col("price").log().std().alias("price_spread"),
        beyond.last().alias("price_of_last"),
        beyond.filter(pl.col("kind") == VIEW).last().alias("price_of_last_view"),
        beyond.filter(pl.col("kind") == CART).last().alias("price_of_last_cart"),
        beyond.filter(recent).mean().alias("price_7d"),
        beyond.filter(recent).min().alias("price_7d_least"),
    )
