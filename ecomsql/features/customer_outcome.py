"""What customers did after a moment, for learning to foresee it."""

from __future__ import annotations

import polars as pl

from ecomsql.features.calendar import DAY


def customer_outcome(
    orders: pl.DataFrame, users: pl.Series, *, after: int, days: int
) -> pl.DataFrame:
    """Return on how many days each of `users` bought within some days, and for how much.

    Parameters
    ----------
    orders : DataFrame
        Columns user, time (seconds since 1970) and amount.
    users : Series
        Codes of users, each once.
    after : int
        The last day (since 1970) that is not looked at.
    days : int
        How many days are, from the one after.

    Returns
    -------
    DataFrame
        orders and value (Float64; refunds taken off), in the order of `users`; 0 for those who did
        not come.
    """
    day = (pl.col("time") / DAY).floor().cast(pl.Int64)
    seen = (
        orders.filter(day.is_between(after, after + days, closed="right"))
        .group_by("user")
        .agg(
            day.filter(pl.col("amount") >= 0).n_unique().cast(pl.Float64).alias("orders"),
            pl.col("amount").sort().sum().alias("value"),
        )
    )
    return (
        pl.DataFrame({"user": users})
        .join(seen, on="user", how="left", maintain_order="left")
        .select(pl.col("orders", "value").fill_null(0.0))
    )
