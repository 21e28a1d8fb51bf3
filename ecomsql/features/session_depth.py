"""How deep users go into the shop when they come."""

from __future__ import annotations

import polars as pl

from ecomsql.features.calendar import DAY
from ecomsql.features.event_log import CART, VIEW, is_purchase

GAP = 1800.0
"""Seconds without an event that end a session."""


def session_depth(past: pl.DataFrame, cut: float) -> pl.DataFrame:
    """Return the number of sessions, their events on average, and what the last one held.

    Parameters
    ----------
    past : DataFrame
        Events before the as-of.
    cut : float
        The as-of, in seconds.
    """
    ordered = past.select("user", "time", "kind").sort("user", "time")
    starts = (pl.col("time").diff().over("user") > GAP).fill_null(value=True)
    sessions = (
        ordered.with_columns(session=starts.cum_sum().over("user"))
        .group_by("user", "session")
        .agg(
            events=pl.len(),
            views=(pl.col("kind") == VIEW).sum(),
            carts=(pl.col("kind") == CART).sum(),
            bought=is_purchase.any(),
            minutes=(pl.col("time").max() - pl.col("time").min()) / 60,
            age=(cut - pl.col("time").max()) / DAY,
        )
        .sort("user", "session")
    )
    last = {name: pl.col(name).last().alias(f"session_{name}_last") for name in _LASTS}
    return sessions.group_by("user", maintain_order=True).agg(
        pl.len().alias("sessions"),
        (pl.col("age") <= 7).sum().alias("sessions_7d"),
        (pl.col("age") <= 30).sum().alias("sessions_30d"),
        pl.col("events").mean().alias("session_events_mean"),
        pl.col("minutes").mean().alias("session_minutes_mean"),
        pl.col("bought").mean().alias("session_bought_share"),
        (pl.len() - pl.col("session").filter("bought").max()).alias("sessions_since_purchase"),
        *last.values(),
    )


_LASTS = ("events", "views", "carts", "minutes")
