"""How much users spend."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ecomsql.features.calendar import DAY
from ecomsql.features.event_log import PURCHASE, RETURN, is_purchase

WINDOWS = (30, 90)
"""Days before the as-of that sums and means are of; beside them, all of the past."""


def money(past: pl.DataFrame, cut: float) -> pl.DataFrame:
    """Return sum, mean and last of what users paid a day of purchases, and what came back.

    Parameters
    ----------
    past : DataFrame
        Events before the as-of.
    cut : float
        The as-of, in seconds.
    """
    paid = past.filter(
        pl.col("kind").is_in([PURCHASE, RETURN]) & pl.col("price").is_not_null()
    ).with_columns(
        day=(pl.col("time") / DAY).floor(),
        value=pl.col("price") * pl.col("quantity"),
    )
    days = paid.group_by("user", "day").agg(
        spent=pl.col("value").filter(is_purchase).sum(),
        lines=is_purchase.sum(),
        pieces=pl.col("quantity").filter(is_purchase).sum(),
        refunded=-pl.col("value").filter(~is_purchase).sum(),
        age=(cut - pl.col("time").max()) / DAY,
    )
    # In one order, so that sums are the same to the last digit.
    days = days.sort("user", "day")
    return days.group_by("user").agg(*_spent())


def _spent() -> Iterator[pl.Expr]:
    spent, age, bought = pl.col("spent"), pl.col("age"), pl.col("lines") > 0
    yield spent.sum().alias("spent")
    yield spent.filter(bought).mean().alias("spent_a_day")
    yield spent.filter(bought).std().alias("spent_a_day_sd")
    yield spent.filter(bought).sort_by(age.filter(bought)).first().alias("spent_last")
    yield pl.col("refunded").sum().alias("refunded")
    yield pl.col("lines").filter(bought).mean().alias("lines_a_day")
    yield pl.col("pieces").filter(bought).mean().alias("pieces_a_day")
    yield pl.col("lines").filter(bought).sort_by(age.filter(bought)).first().alias("lines_last")
    for window in WINDOWS:
        recent = bought & (age <= window)
        yield spent.filter(recent).sum().alias(f"spent_{window}d")
        yield spent.filter(recent).mean().alias(f"spent_a_day_{window}d")
