"""How recently, and how often, users did something."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ecomsql.features.calendar import DAY
from ecomsql.features.event_log import KINDS, is_purchase

WINDOWS = (1, 7, 30, 90)
"""Days before the as-of in which events are counted; beside them, all of the past."""
FADING = (7, 30, 90)
"""Days after which an event counts 1/e of what it did."""


def activity(past: pl.DataFrame, cut: float) -> pl.DataFrame:
    """Return recency and frequency of each kind of event, distinct items, and tenure, per user.

    Parameters
    ----------
    past : DataFrame
        Events before the as-of, as :class:`~ecomsql.features.event_log.EventLog` has them.
    cut : float
        The as-of, in seconds.
    """
    aged = past.with_columns(age=(cut - pl.col("time")) / DAY)
    return aged.group_by("user").agg(*_recency(), *_frequency(), *_variety())


def _recency() -> Iterator[pl.Expr]:
    age = pl.col("age")
    yield age.min().alias("days_since_event")
    yield age.max().alias("tenure_days")
    yield age.filter(is_purchase).max().alias("days_since_first_purchase")
    for name, kind in KINDS.items():
        yield age.filter(pl.col("kind") == kind).min().alias(f"days_since_{name}")


def _frequency() -> Iterator[pl.Expr]:
    age = pl.col("age")
    days = (pl.col("time") / DAY).floor()
    for name, kind in KINDS.items():
        happened = pl.col("kind") == kind
        yield happened.sum().alias(f"{name}s")
        yield from ((happened & (age <= w)).sum().alias(f"{name}s_{w}d") for w in WINDOWS)
    for span in FADING:
        weight = (-age / span).exp()
        yield weight.sum().alias(f"events_fading_{span}d")
        yield weight.filter(is_purchase).sum().alias(f"purchases_fading_{span}d")
    yield days.n_unique().alias("active_days")
    for window in WINDOWS[1:]:
        yield days.filter(age <= window).n_unique().alias(f"active_days_{window}d")


def _variety() -> Iterator[pl.Expr]:
    item = pl.col("item").drop_nulls
    yield item().n_unique().alias("items")
    for window in (7, 30):
        recent = pl.col("item").filter(pl.col("age") <= window).drop_nulls()
        yield recent.n_unique().alias(f"items_{window}d")
    bought = pl.col("item").filter(is_purchase).drop_nulls()
    yield bought.n_unique().alias("items_bought")
    yield (bought.len() / bought.n_unique()).alias("purchases_per_item")
