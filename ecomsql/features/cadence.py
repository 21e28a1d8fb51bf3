"""How regularly users come and buy, and whether they are due."""

from __future__ import annotations

import polars as pl

from ecomsql.features.calendar import DAY
from ecomsql.features.event_log import is_purchase

FADING = (30, 90, 180)
"""Days after which a day counts 1/e of what it did."""


def cadence(past: pl.DataFrame, cut: float) -> pl.DataFrame:
    """Return the gaps between days of purchases, and between active days, per user.

    Of each: mean, standard deviation, median, shortest, last, and the time since the last such day
    over the mean gap (1: due now), the median and the longest; and the number of days, all and
    faded, so that the many lines of an order do not count as much as many orders.

    Parameters
    ----------
    past : DataFrame
        Events before the as-of.
    cut : float
        The as-of, in seconds.
    """
    bought = _gaps(past.filter(is_purchase), cut, "purchase")
    return bought.join(_gaps(past, cut, "active"), on="user", how="full", coalesce=True)


def _gaps(events: pl.DataFrame, cut: float, name: str) -> pl.DataFrame:
    days = events.select("user", day=(pl.col("time") / DAY).floor()).unique().sort("user", "day")
    gap, since = pl.col("gap"), cut / DAY - pl.col("day").max()
    age = cut / DAY - pl.col("day")
    return (
        days.with_columns(gap=pl.col("day").diff().over("user"))
        .group_by("user", maintain_order=True)
        .agg(
            pl.len().alias(f"{name}_days_all"),
            *((-age / span).exp().sum().alias(f"{name}_days_fading_{span}d") for span in FADING),
            gap.mean().alias(f"{name}_gap_mean"),
            gap.std().alias(f"{name}_gap_sd"),
            gap.median().alias(f"{name}_gap_median"),
            gap.min().alias(f"{name}_gap_least"),
            gap.last().alias(f"{name}_gap_last"),
            (since / gap.mean()).alias(f"{name}_due"),
            (since / gap.median()).alias(f"{name}_due_by_median"),
            (since / gap.max()).alias(f"{name}_due_by_longest"),
        )
    )
