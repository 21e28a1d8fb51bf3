"""Orders as purchase days: what models of repeat purchases count."""

from __future__ import annotations

import polars as pl

from ecomsql.features.calendar import DAY


def purchase_days(orders: pl.DataFrame, *, as_of: float) -> pl.DataFrame:
    """Return the days on which each user bought, up to `as_of`, with the money of the day.

    Orders of a day are one purchase, their amounts are added up. A day with refunds alone (negative
    amounts) is no purchase: its money is taken off the purchase before, and left out if there is
    none.

    Parameters
    ----------
    orders : DataFrame
        Columns user (a code), time (seconds since 1970) and amount (money).
    as_of : float
        Orders after this moment are not looked at.

    Returns
    -------
    DataFrame
        user, day (Int64, days since 1970) and amount, ordered by user and day.

    Examples
    --------
    >>> orders = pl.DataFrame(
    ...     {"user": [0, 0, 0], "time": [0.0, 9.0, 90_000.0], "amount": [5.0, 2.0, -1.0]}
    ... )
    >>> purchase_days(orders, as_of=1e9).rows()
    [(0, 0, 6.0)]
    """
    return (
        orders.lazy()
        .filter(pl.col("time") <= as_of)
        .group_by("user", (pl.col("time") / DAY).floor().cast(pl.Int64).alias("day"))
        # In one order of adding, so that the order of the rows does not change a bit.
        .agg(pl.col("amount").sort().sum(), (pl.col("amount") >= 0).any().alias("bought"))
        .sort("user", "day")
        .with_columns(pl.col("bought").cast(pl.Int64).cum_sum().over("user").alias("purchase"))
        .filter(pl.col("purchase") > 0)
        .group_by("user", "purchase", maintain_order=True)
        .agg(pl.col("day").first(), pl.col("amount").sum())
        .select("user", "day", "amount")
        .collect()
    )
