"""Features of users, or of the items in their carts, as of points in time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from ecomsql.features.activity import activity
from ecomsql.features.cadence import cadence
from ecomsql.features.cart_pairs import cart_pairs
from ecomsql.features.carts import carts
from ecomsql.features.clock import clock
from ecomsql.features.event_log import EventLog
from ecomsql.features.item_demand import touched_items
from ecomsql.features.money import money
from ecomsql.features.price_habit import price_habit
from ecomsql.features.session_depth import session_depth
from ecomsql.progress import track

Part = Callable[[pl.DataFrame, float], pl.DataFrame]

PARTS: tuple[Part, ...] = (
    activity,
    money,
    cadence,
    session_depth,
    carts,
    price_habit,
    clock,
    touched_items,
)
"""Each takes the events before an as-of, and the as-of, and gives features of ``user``."""

KEYS = {"user": ("user",), "user_item": ("user", "item")}
"""What a row is of, for each `per`."""


def behaviour(
    log: EventLog,
    points: Sequence[float],
    *,
    per: str = "user",
    users: pl.Series | None = None,
) -> pl.DataFrame:
    """Return the features of everyone seen before each as-of, by as-of, user and item.

    The parts get the events before an as-of and no others, so that none can look ahead.

    Parameters
    ----------
    log : EventLog
    points : sequence of float
        The as-of points, in seconds.
    per : {'user', 'user_item'}
        'user_item': a row for each item in a user's cart, with features of the pair beside the
        user's.
    users : Series, optional
        The codes of the users to give; all are looked at.

    Returns
    -------
    DataFrame
        ``cut``, the keys (``user``, and ``item`` for 'user_item'), and float64 features; NaN where
        there is nothing to say. Their names and order are always the same.
    """
    found = [_as_of(log.before(cut), cut, per, users) for cut in track(points, "features")]
    return pl.concat(found)


def seen(log: EventLog, points: Sequence[float], *, users: pl.Series | None = None) -> pl.DataFrame:
    """Return ``cut, user`` of everyone seen before each as-of, of `users` if given, in order."""
    found = [
        log.before(cut).select(pl.lit(cut).alias("cut"), "user").unique().sort("user")
        for cut in points
    ]
    rows = pl.concat(found)
    return rows if users is None else rows.filter(pl.col("user").is_in(users.implode()))


def feature_names(frame: pl.DataFrame) -> list[str]:
    """Return which columns of :func:`behaviour` are features."""
    return [name for name in frame.columns if name not in ("cut", "user", "item")]


def _as_of(past: pl.DataFrame, cut: float, per: str, users: pl.Series | None) -> pl.DataFrame:
    keys = list(KEYS[per])
    rows = past.select("user").unique()
    if users is not None:
        rows = rows.filter(pl.col("user").is_in(users.implode()))
    for part in PARTS:
        rows = rows.join(part(past, cut), on="user", how="left", validate="1:1")
    if per == "user_item":
        rows = cart_pairs(past, cut).join(rows, on="user")
    rows = rows.with_columns(cut=pl.lit(cut)).sort(keys)
    numbers = pl.all().exclude("cut", *keys).cast(pl.Float64).fill_null(float("nan"))
    return rows.select("cut", *keys, numbers)
