"""Features of users, or of the items in their carts, as of points in time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from ecomsql.features.activity import activity
from ecomsql.features.cadence import cadence
from ecomsql.features.cart_pairs import cart_pairs
from ecomsql.features.carts import carts, open_carts
from ecomsql.features.clock import clock
from ecomsql.features.event_log import EventLog
from ecomsql.features.item_demand import touched_items
from ecomsql.features.money import money
from ecomsql.features.price_habit import price_habit
from ecomsql.features.session_depth import session_depth
from ecomsql.features.standing import standing
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
        The codes of the users to give; of all users is only told where these stand among
        themselves.

    Returns
    -------
    DataFrame
        ``cut``, the keys (``user``, and ``item`` for 'user_item'), and float64 features; NaN where
        there is nothing to say. Their names and order are always the same.
    """
    found = [_as_of(log.before(cut), cut, per, users) for cut in track(points, "features")]
    return pl.concat(found)


def seen(
    log: EventLog,
    points: Sequence[float],
    *,
    per: str = "user",
    users: pl.Series | None = None,
) -> pl.DataFrame:
    """Return the rows of :func:`behaviour` without features: ``cut`` and the keys, in order."""
    found = [_seen(log.before(cut), cut, per, users) for cut in points]
    return pl.concat(found)


def feature_names(frame: pl.DataFrame) -> list[str]:
    """Return which columns of :func:`behaviour` are features."""
    return [name for name in frame.columns if name not in ("cut", "user", "item")]


def _seen(past: pl.DataFrame, cut: float, per: str, users: pl.Series | None) -> pl.DataFrame:
    keys = KEYS[per]
    rows = (past if per == "user" else open_carts(past)).select(keys).unique().sort(keys)
    if users is not None:
        rows = rows.filter(pl.col("user").is_in(users.implode()))
    return rows.select(pl.lit(cut).alias("cut"), *keys)


def _as_of(past: pl.DataFrame, cut: float, per: str, users: pl.Series | None) -> pl.DataFrame:
    keys = KEYS[per]
    rows = _seen(past, cut, "user", users)
    for part in PARTS:
        rows = rows.join(part(past, cut), on="user", how="left", validate="1:1")
    rows = standing(rows)
    if per == "user_item":
        rows = cart_pairs(past, cut).join(rows, on="user")
    numbers = pl.all().exclude("cut", *keys).cast(pl.Float64).fill_null(float("nan"))
    return rows.sort(keys).select("cut", *keys, numbers)
