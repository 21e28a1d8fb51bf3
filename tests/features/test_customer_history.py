"""What is known of customers: worked examples, and nothing from the future."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecomsql.features.calendar import DAY
from ecomsql.features.customer_history import SUMMARY, customer_history
from ecomsql.features.customer_outcome import customer_outcome
from ecomsql.features.purchase_days import purchase_days

SCHEMA = {"user": pl.Int32, "time": pl.Float64, "amount": pl.Float64}
NOON = DAY / 2


def orders(*rows: tuple[int, float, float]) -> pl.DataFrame:
    """Return orders of (user, day, amount)."""
    return pl.DataFrame(
        [(user, day * DAY + NOON, amount) for user, day, amount in rows], SCHEMA, orient="row"
    )


def summary(*rows: tuple[int, float, float], as_of: float = 100) -> list[tuple[float, ...]]:
    return customer_history(orders(*rows), as_of=as_of * DAY + NOON).select(SUMMARY).rows()


some_orders = st.lists(
    st.tuples(
        st.integers(0, 4), st.integers(0, 200), st.integers(-20, 50).map(lambda cents: cents / 4)
    ),
    max_size=30,
)


def test_the_first_purchase_is_not_a_repeat():
    assert summary((7, 10, 99.0), (7, 30, 20.0), (7, 40, 40.0)) == [(2, 30, 90, 30)]


def test_orders_of_a_day_are_one_purchase():
    assert summary((1, 0, 5.0), (1, 0.2, 6.0), (1, 9, 1.0), (1, 9.4, 2.0)) == [(1, 9, 100, 3)]


def test_one_purchase():
    assert summary((3, 98, 12.0)) == [(0, 0, 2, 0)]
    assert summary((3, 100, 12.0)) == [(0, 0, 0, 0)]


def test_users_who_have_not_bought_yet_are_left_out():
    rows = customer_history(orders((1, 3, 1.0), (0, 101, 1.0)), as_of=100 * DAY)
    assert rows["user"].to_list() == [1]
    assert len(customer_history(orders(), as_of=0.0)) == 0


def test_refunds_are_taken_off_the_purchase_before():
    found = purchase_days(
        orders((0, 1, -3.0), (0, 2, 10.0), (0, 5, 20.0), (0, 6, -4.0), (0, 7, -30.0)), as_of=1e9
    )
    assert found.rows() == [(0, 2, 10), (0, 5, -14)]
    assert summary((0, 1, 5.0), (0, 1, -5.0), (0, 2, 0.0)) == [(1, 1, 99, 0)]
    assert summary((0, 1, -5.0)) == []


def test_more_than_the_summary():
    [row] = customer_history(
        orders((0, 0, 10.0), (0, 10, 20.0), (0, 40, 60.0)), as_of=120 * DAY + NOON
    ).to_dicts()
    assert row["days_since_last"] == 80
    assert row["mean_gap"] == 20
    assert row["sd_gap"] == pytest.approx(200**0.5)
    assert row["overdue"] == 4
    assert row["total"] == 90
    assert row["first_amount"], row["last_amount"] == (10, 60)
    assert (row["recent_orders"], row["recent_total"]) == (1, 60)
    assert row["trend"] == pytest.approx(1 / 90 - 2 / 31)
    assert (row["first_weekday"], row["first_month"]) == (3, 1)
    assert dt.date(1970, 1, 1).weekday() == 3


def test_what_is_not_known_is_missing():
    [row] = customer_history(orders((0, 100, 10.0)), as_of=100 * DAY + NOON).to_dicts()
    missing = {name for name, value in row.items() if value is None}
    assert missing == {
        "mean_gap", "sd_gap", "overdue", "recency_share", "rate", "sd_amount", "trend"
    }  # fmt: skip


@given(some_orders, some_orders, st.integers(0, 200))
def test_the_future_is_not_looked_at(past, future, as_of):
    now = as_of * DAY + NOON
    known = orders(*past).filter(pl.col("time") <= now)
    changed = orders(*future).filter(pl.col("time") > now)
    before = customer_history(orders(*past), as_of=now)
    assert before.equals(customer_history(known, as_of=now))
    assert before.equals(customer_history(pl.concat([changed, known]), as_of=now))


@given(some_orders, st.randoms())
def test_the_order_of_rows_does_not_matter(rows, random):
    mixed = random.sample(rows, len(rows))
    found = [customer_history(orders(*some), as_of=150 * DAY) for some in (rows, mixed)]
    assert found[0].equals(found[1])


def test_outcomes_are_those_of_the_days_after():
    later = orders(
        (0, 10, 5.0), (0, 11, 7.0), (0, 11, 1.0), (0, 20, 2.0), (0, 21, 9.0), (2, 15, -3.0)
    )
    found = customer_outcome(later, pl.Series([2, 1, 0], dtype=pl.Int32), after=10, days=10)
    assert found.rows() == [(0, -3), (0, 0), (2, 10)]
