"""Where users stand among all users as of the same point."""

from __future__ import annotations

import polars as pl

RANKED = (
    "days_since_event",
    "days_since_purchase",
    "tenure_days",
    "spent",
    "spent_a_day",
    "lines_a_day",
    "purchase_days_all",
    "purchase_days_fading_90d",
    "purchase_gap_mean",
    "purchase_due",
    "active_days_fading_30d",
)
"""Features whose ranks are told. Their values drift as a shop's history grows, and with the season:
100 days since a purchase is long in a log of 120 days, and nothing in one of 500."""
MIDDLING = 20
"""Users in the middle imagined beside the others: where there are few, ranks say little."""


def standing(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with a ``<feature>_rank`` for each of :data:`RANKED`, from 0 to 1.

    The rank is the share of users with less, those with as much counted half; null where the
    feature is.

    Parameters
    ----------
    rows : DataFrame
        A row a user, all as of one point.

    Examples
    --------
    >>> rows = pl.DataFrame({name: [0.0, 1.0, None] for name in RANKED})
    >>> [round(rank, 3) for rank in standing(rows)["spent_rank"].drop_nulls()]
    [0.477, 0.523]
    """
    return rows.with_columns(_rank(name).alias(f"{name}_rank") for name in RANKED)


def _rank(name: str) -> pl.Expr:
    # What differs by rounding alone has the same rank.
    value = pl.col(name).cast(pl.Float32)
    return (value.rank("average") - 0.5 + MIDDLING / 2) / (value.count() + MIDDLING)
