"""Features of behaviour: computed by hand, blind to the future, and to the order of rows."""

from __future__ import annotations

import numpy as np
import polars as pl
import polars.selectors as cs
import pytest

from ecomsql.features import behaviour as module
from ecomsql.features.as_of_points import as_of_points, happened
from ecomsql.features.behaviour import behaviour, feature_names
from ecomsql.features.calendar import DAY
from ecomsql.features.event_log import CART, OTHER, PURCHASE, SCHEMA, VIEW, EventLog

HOUR = 3600.0

# User 0 buys on days 0, 4 and 6, and leaves item 2 in the cart on day 7; user 1 only looks.
TINY = [
    (0, 0, 0 * DAY, PURCHASE, 10.0, 1.0),
    (0, 1, 4 * DAY, VIEW, 5.0, 1.0),
    (0, 1, 4 * DAY + 600, CART, 5.0, 2.0),
    (0, 1, 4 * DAY + 900, PURCHASE, 5.0, 2.0),
    (0, 0, 6 * DAY, PURCHASE, 10.0, 3.0),
    (0, 0, 6 * DAY + HOUR, PURCHASE, 10.0, -1.0),
    (0, 2, 7 * DAY, VIEW, 20.0, 1.0),
    (0, 2, 7 * DAY + 60, CART, 20.0, 2.0),
    (1, 2, 7 * DAY + 300, VIEW, 20.0, None),
    (1, None, 7 * DAY + 400, OTHER, -1.0, None),
    (0, 2, 9 * DAY, PURCHASE, 20.0, 2.0),
    (1, 0, 12 * DAY, PURCHASE, 10.0, 1.0),
]


def log_of(rows: list[tuple]) -> EventLog:
    return EventLog.of(pl.DataFrame(rows, schema=SCHEMA, orient="row"))


def as_of_day(day: float, *, user: int = 0, per: str = "user") -> dict[str, float]:
    frame = behaviour(log_of(TINY), [day * DAY], per=per)
    return frame.filter(pl.col("user") == user).row(0, named=True)


@pytest.fixture(scope="module")
def day_8() -> dict[str, float]:
    return as_of_day(8)


EXPECTED = {
    "tenure_days": 8,
    "days_since_event": 1 - 60 / DAY,
    "days_since_view": 1,
    "days_since_cart": 1 - 60 / DAY,
    "days_since_purchase": 2,
    "days_since_return": 2 - 1 / 24,
    "days_since_first_purchase": 8,
    "purchases": 3,
    "purchases_1d": 0,
    "purchases_7d": 2,
    "views_1d": 1,
    "carts_7d": 2,
    "returns_30d": 1,
    "active_days": 4,
    "items": 3,
    "items_7d": 3,
    "items_bought": 2,
    "purchases_per_item": 1.5,
    "purchases_fading_7d": np.exp(-8 / 7) + np.exp((900 / DAY - 4) / 7) + np.exp(-2 / 7),
    "spent": 50,
    "spent_a_day": 50 / 3,
    "spent_last": 30,
    "refunded": 10,
    "lines_a_day": 1,
    "pieces_a_day": 2,
    "purchase_days_all": 3,
    "purchase_gap_mean": 3,
    "purchase_gap_median": 3,
    "purchase_gap_sd": np.sqrt(2),
    "purchase_gap_last": 2,
    "purchase_due": 2 / 3,
    "purchase_days_fading_90d": np.exp(-8 / 90) + np.exp(-4 / 90) + np.exp(-2 / 90),
    "active_days_fading_30d": sum(np.exp(-day / 30) for day in (8, 4, 2, 1)),
    "active_gap_mean": 7 / 3,
    "sessions": 5,
    "sessions_7d": 4,
    "session_events_mean": 8 / 5,
    "session_events_last": 2,
    "session_carts_last": 1,
    "session_minutes_last": 1,
    "sessions_since_purchase": 2,
    "session_bought_share": 3 / 5,
    "cart_items": 1,
    "cart_value": 40,
    "cart_hours": 24 - 1 / 60,
    "cart_bought_share": 0.5,
    "price_habit": (2 * np.log(10) + np.log(5)) / 3,
    "price_of_last": np.log(20) - (2 * np.log(10) + np.log(5)) / 3,
    "as_of_hour": 0,
    "as_of_weekday": 4,
    "touched_popularity_last": 0,
    "touched_popularity": (np.log(3) + np.log(2) + 0) / 3,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_computed_by_hand(name, day_8):
    assert day_8[name] == pytest.approx(EXPECTED[name])


def test_a_user_who_only_looks():
    found = as_of_day(8, user=1)
    assert found["purchases"] == 0
    assert np.isnan(found["days_since_purchase"])
    assert np.isnan(found["purchase_gap_mean"])
    assert np.isnan(found["spent"])
    assert found["items"] == 1
    assert found["price_of_last"] == pytest.approx(0)  # a negative price is no price


PAIR = {
    "pair_hours": 24 - 1 / 60,
    "pair_hours_oldest": 24 - 1 / 60,
    "pair_place": 1,
    "pair_price": 20,
    "pair_value": 40,
    "pair_views": 1,
    "pair_purchases": 0,
    "pair_hours_since_view": 24,
    "pair_price_to_cart": 0,
    "pair_price_to_usual": 0,
    "pair_popularity": 0,
    "pair_bought_of_carted": 1 / 3,
}


@pytest.mark.parametrize("name", PAIR)
def test_pairs_computed_by_hand(name):
    found = as_of_day(8, per="user_item")
    assert (found["item"], found["cart_items"]) == (2, 1)
    assert found[name] == pytest.approx(PAIR[name])


def test_what_is_bought_is_in_no_cart():
    assert behaviour(log_of(TINY), [10 * DAY], per="user_item").height == 0
    again = [*TINY, (0, 2, 9 * DAY + 5, CART, 18.0, 1.0)]
    [row] = behaviour(log_of(again), [10 * DAY], per="user_item").rows(named=True)
    assert (row["pair_hours_oldest"], row["pair_price"]) == (pytest.approx(24 - 5 / 3600), 18.0)


def test_several_points_at_once_are_as_each_alone():
    log = log_of(TINY)
    points = [5 * DAY, 8 * DAY, 10 * DAY]
    alone = pl.concat([behaviour(log, [point]) for point in points])
    assert is_same(behaviour(log, points), alone)
    assert alone["cut"].value_counts(sort=True)["count"].to_list() == [2, 2, 1]


# ---- nothing ahead of an as-of is seen ----


def random_rows(seed: int, n: int = 400) -> list[tuple]:
    random = np.random.default_rng(seed)
    columns = (
        random.integers(0, 12, n).tolist(),
        random.integers(0, 20, n).tolist(),
        (random.random(n) * 40 * DAY).round(3).tolist(),
        random.integers(0, 4, n).tolist(),
        (random.random(n) * 50).round(2).tolist(),
        random.integers(-1, 4, n).astype(float).tolist(),
    )
    return list(zip(*columns, strict=True))


def future_matters(cut: float, per: str) -> bool:
    """Whether features as of `cut` change when what is at or after it is altered, or added to."""
    rows = random_rows(3)
    past = [row for row in rows if row[2] < cut]
    moved = [(*row[:3], PURCHASE, 1000.0, 9.0) for row in rows if row[2] >= cut]
    added = [(user, item, cut, kind, 7.0, 5.0) for user, item, _, kind, *_ in random_rows(4)]
    expected = behaviour(log_of(rows), [cut], per=per)
    changed = [behaviour(log_of(past + more), [cut], per=per) for more in ([], moved, added)]
    return not all(is_same(expected, one) for one in changed)


def is_same(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    """Whether all is the same, up to rounding."""
    pairs = zip(one.iter_columns(), other.iter_columns(), strict=True)
    return one.shape == other.shape and all(
        np.allclose(a.to_numpy(), b.to_numpy(), rtol=1e-12, atol=1e-9, equal_nan=True)
        for a, b in pairs
    )


@pytest.mark.parametrize("per", ["user", "user_item"])
@pytest.mark.parametrize("day", [10, 25.5])
def test_the_future_changes_nothing(day, per):
    assert not future_matters(day * DAY, per)


def test_a_feature_that_peeks_is_caught(monkeypatch):
    everything = log_of(random_rows(3)).frame

    def peeking(past: pl.DataFrame, cut: float) -> pl.DataFrame:
        return everything.group_by("user").agg(peeked=(pl.col("time") >= cut).sum())

    def at_the_cut(self: EventLog, cut: float) -> pl.DataFrame:
        return self.frame.filter(pl.col("time") <= cut)

    assert not future_matters(10 * DAY, "user")
    with monkeypatch.context() as patched:
        patched.setattr(EventLog, "before", at_the_cut)
        assert future_matters(10 * DAY, "user")
    # A part that has the whole log: its feature changes with what the log holds.
    monkeypatch.setattr(module, "PARTS", (*module.PARTS, peeking))
    first = behaviour(log_of(random_rows(3)), [10 * DAY])
    everything = log_of(random_rows(5)).frame
    assert not is_same(first, behaviour(log_of(random_rows(3)), [10 * DAY]))


@pytest.mark.parametrize("per", ["user", "user_item"])
def test_order_of_rows_does_not_matter(per):
    rows = random_rows(6)
    shuffled = [rows[at] for at in np.random.default_rng(0).permutation(len(rows))]
    points = [10 * DAY, 30 * DAY]
    expected = behaviour(log_of(rows), points, per=per)
    assert is_same(behaviour(log_of(shuffled), points, per=per), expected)
    assert feature_names(expected)
    assert not expected.select(cs.float().is_infinite().any()).row(0).count(True)


# ---- points and what happened after them ----


def test_points_leave_room_for_the_horizon_after_and_for_history_before():
    points = as_of_points(0.0, 100.0, 10.0)
    assert points == [20, 30, 40, 50, 60, 70, 80, 90]
    assert as_of_points(0.0, 100.0, 30.0) == [10, 40, 70]
    assert as_of_points(0.0, 15.0, 10.0) == [5]
    assert as_of_points(0.0, 10.0, 10.0) == []
    spread = as_of_points(0.0, 365.0, 1.0)
    assert (len(spread), spread[-1], spread[-1] - spread[0]) == (8, 364, 7 * 22)


def test_labels_are_of_the_horizon_after_the_as_of():
    log = log_of(TINY)
    rows = behaviour(log, [8 * DAY, 9 * DAY])
    after = lambda days, *, bought=True: happened(log, rows, days * DAY, bought=bought).to_list()  # noqa: E731
    assert rows.select("cut", "user").rows() == [
        (8 * DAY, 0),
        (8 * DAY, 1),
        (9 * DAY, 0),
        (9 * DAY, 1),
    ]
    assert after(1) == [False, False, True, False]  # at the end: not; at the as-of: yes
    assert after(3) == [True, False, True, False]
    assert after(4.5) == [True, True, True, True]
    assert after(1, bought=False) == [False, False, True, False]


def test_labels_of_pairs_are_of_the_item():
    log = log_of(TINY)
    rows = behaviour(log, [8 * DAY], per="user_item")
    assert happened(log, rows, 2 * DAY, bought=True).to_list() == [True]
    other = log_of([(*row[:1], 0, *row[2:]) if row[2] == 9 * DAY else row for row in TINY])
    assert happened(other, rows, 2 * DAY, bought=True).to_list() == [False]
