"""Visits from first to last: what users look at, put into the cart, buy, and when they leave."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecomsql.progress import checkpoint
from ecomsql.shop.assortment import Assortment
from ecomsql.shop.browsing import Browser
from ecomsql.shop.checkout import Lines, Till
from ecomsql.shop.people import People
from ecomsql.shop.seasons import START, Days, Rhythm

GAP = 0.1
"""Least time between the starts of two visits, in mean days."""

Ints = NDArray[np.int64]

KINDS = ("view", "cart", "purchase")


def simulate_visits(
    crowd: People, goods: Assortment, prices: NDArray[np.float64], rng: np.random.Generator
) -> tuple[pl.DataFrame, Days]:
    """Simulate the visits, the n-th of all users at once.

    Parameters
    ----------
    crowd, goods : People, Assortment
    prices : float64 array, shape (items, days)
    rng : Generator

    Returns
    -------
    events : DataFrame
        ``user_id, session_id, item_id, event_type, ts, price, quantity``, by time.
    left : float64 array, shape (users,)
        Day on which the user left, inf if not.
    """
    rhythm, till = Rhythm.over(prices.shape[1]), Till(crowd, goods, prices)
    browser = Browser.of(goods, len(crowd))
    clock = rhythm.reading(crowd.signup)
    before, left = np.full(len(crowd), -np.inf), np.full(len(crowd), np.inf)
    log: list[pl.DataFrame] = []
    users = np.arange(len(crowd))
    while len(users):
        checkpoint()
        start = rhythm.day(clock[users])
        views = browser.browse(users, crowd.taste[users], rng)
        lines = till.lines(users, start, before[users], views, rng)
        log.append(_log(users, start, lines, len(log)))
        left[users] = _leaving(start, lines, crowd.dropout[users], rng)
        before[users] = start
        clock[users] += GAP + rng.exponential(1 / crowd.rate[users])
        users = users[np.isinf(left[users]) & (clock[users] < rhythm.end)]
    return _events(pl.concat(log)), left


def _leaving(
    start: Days, lines: Lines, dropout: NDArray[np.float64], rng: np.random.Generator
) -> Days:
    """Return the day on which each visitor leaves: this one for some who bought, else inf."""
    gone = np.bincount(lines.row[lines.paid], minlength=len(start)) > 0
    gone &= rng.random(len(start)) < dropout
    return np.where(gone, start, np.inf)


def _log(users: Ints, start: Days, lines: Lines, number: int) -> pl.DataFrame:
    """Return the events of one round; `second` counts from the shop's first moment."""
    order = np.argsort(lines.row, kind="stable")
    row = lines.row[order]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    length = np.bincount(row, minlength=len(users))[row]
    begin = (start[row] * 86_400).astype(np.int64)
    # Views about a minute apart, uneven but without a draw; the order is paid after the last.
    seen, pay = begin + 55 * place + (7 * place * row) % 31, begin + 55 * length + 90
    base = pl.DataFrame(
        {
            "user": users[row],
            "visit": np.full(len(row), number),
            "item_id": lines.item[order] + 1,
            "price": lines.price[order],
            "quantity": lines.quantity[order].astype(np.int32),
        }
    )
    always = np.ones(len(row), dtype=np.bool_)
    kinds = [(always, seen), (lines.carted[order], seen + 20), (lines.paid[order], pay)]
    return pl.concat(
        base.with_columns(kind=pl.lit(kind, dtype=pl.Int8), second=second).filter(happens)
        for kind, (happens, second) in enumerate(kinds)
    )


def _events(log: pl.DataFrame) -> pl.DataFrame:
    """Return the log with sessions numbered by time and the shop's column names."""
    first = pl.col("second").min().over("user", "visit")
    session = pl.struct(first.alias("first"), "user").rank("dense")
    moment = pl.lit(START) + pl.duration(seconds=pl.col("second"))
    one_if_view = pl.when(pl.col("kind") == 0).then(1).otherwise(pl.col("quantity"))
    ordered = log.with_columns(session_id=session.cast(pl.Int64)).sort(
        "second", "session_id", "kind", "item_id"
    )
    return ordered.select(
        user_id=pl.col("user") + 1,
        session_id="session_id",
        item_id="item_id",
        event_type=pl.col("kind").replace_strict(dict(enumerate(KINDS)), return_dtype=pl.String),
        ts=moment.cast(pl.Datetime("us")),
        price="price",
        quantity=one_if_view.cast(pl.Int32),
    )
