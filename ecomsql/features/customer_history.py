"""What is known of each customer at a moment: how often, how recently, for how much, and more."""

from __future__ import annotations

import numpy as np
import polars as pl

from ecomsql.features.calendar import DAY
from ecomsql.features.purchase_days import purchase_days

RECENT = 90
"""Days that count as the recent ones."""
SUMMARY = ("frequency", "recency", "age", "monetary")


def customer_history(orders: pl.DataFrame, *, as_of: float) -> pl.DataFrame:
    """Return one row for each user who has bought by `as_of`, ordered by user.

    Nothing after `as_of` is looked at.

    Parameters
    ----------
    orders : DataFrame
        Columns user (a code), time (seconds since 1970) and amount (money); see
        :func:`~ecomsql.features.purchase_days.purchase_days`.
    as_of : float
        Seconds since 1970.

    Returns
    -------
    DataFrame
        user, and as Float64, null where there is none:

        - frequency: purchase days after the first
        - recency: days from the first purchase to the last
        - age: days from the first purchase to `as_of`
        - monetary: mean money of the purchases after the first; 0 without any
        - days_since_last, mean_gap and sd_gap (days between purchases)
        - overdue (days_since_last by mean_gap)
        - recency_share and rate (recency and frequency by age)
        - total, mean_amount, sd_amount, first_amount, last_amount
        - recent_orders, recent_total (of the last 90 days), trend (purchases a day in those, less
          those a day before)
        - first_weekday (0 is Monday), first_month
    """
    today = int(np.floor(as_of / DAY))
    days = purchase_days(orders, as_of=as_of).lazy()
    found = _compared(_summed(days, today), today)
    return found.with_columns(pl.exclude("user").cast(pl.Float64)).sort("user").collect()


def _summed(days: pl.LazyFrame, today: int) -> pl.LazyFrame:
    """Return what is known of each user's purchases by themselves; days as numbers."""
    gaps = pl.col("day").diff()
    is_recent = pl.col("day") > today - RECENT
    return days.group_by("user", maintain_order=True).agg(
        (pl.len() - 1.0).alias("frequency"),
        pl.col("day").first().alias("first"),
        pl.col("day").last().alias("last"),
        pl.col("amount").slice(1).mean().fill_null(0.0).alias("monetary"),
        gaps.mean().alias("mean_gap"),
        gaps.std().alias("sd_gap"),
        pl.col("amount").sum().alias("total"),
        pl.col("amount").mean().alias("mean_amount"),
        pl.col("amount").std().alias("sd_amount"),
        pl.col("amount").first().alias("first_amount"),
        pl.col("amount").last().alias("last_amount"),
        is_recent.sum().alias("recent_orders"),
        pl.col("amount").filter(is_recent).sum().alias("recent_total"),
    )


def _compared(summed: pl.LazyFrame, today: int) -> pl.LazyFrame:
    """Return that set against the time that has passed."""
    age, recency = today - pl.col("first"), pl.col("last") - pl.col("first")
    first = pl.col("first").cast(pl.Int32).cast(pl.Date)
    since = today - pl.col("last")
    before = pl.col("frequency") + 1.0 - pl.col("recent_orders")
    return summed.select(
        "user",
        "frequency",
        recency.alias("recency"),
        age.alias("age"),
        "monetary",
        since.alias("days_since_last"),
        "mean_gap",
        "sd_gap",
        (since / pl.col("mean_gap")).alias("overdue"),
        (recency / pl.when(age > 0).then(age)).alias("recency_share"),
        (pl.col("frequency") / pl.when(age > 0).then(age)).alias("rate"),
        "total",
        "mean_amount",
        "sd_amount",
        "first_amount",
        "last_amount",
        "recent_orders",
        "recent_total",
        pl.when(age >= RECENT)
        .then(pl.col("recent_orders") / RECENT - before / (age - RECENT + 1))
        .alias("trend"),
        (first.dt.weekday() - 1).alias("first_weekday"),
        first.dt.month().alias("first_month"),
    )
