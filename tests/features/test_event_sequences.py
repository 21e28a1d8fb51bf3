"""Sequences of events: in order, padded at the front, and blind to the future."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from test_behaviour import TINY, log_of, random_rows

from ecomsql.features.behaviour import seen
from ecomsql.features.calendar import DAY
from ecomsql.features.event_log import CART, PURCHASE, VIEW
from ecomsql.features.event_sequences import (
    ASKED,
    LENGTH,
    NUMBERS,
    EventSequences,
    event_sequences,
)


def sequences_of(rows: list[tuple], *days: float, per: str = "user") -> EventSequences:
    log = log_of(rows)
    return event_sequences(log, seen(log, [day * DAY for day in days], per=per))


def is_same(one: EventSequences, other: EventSequences) -> bool:
    """Whether all is the same, up to rounding."""
    return (
        np.array_equal(one.kinds, other.kinds)
        and np.array_equal(one.buckets, other.buckets)
        and np.allclose(one.numbers, other.numbers, atol=1e-6)
    )


def test_the_last_steps_stand_at_the_end():
    found = sequences_of(TINY, 8)
    assert found.kinds.shape == (2, LENGTH)
    assert found.kinds[0, -3:].tolist() == [5, VIEW + 1, CART + 1]
    assert (found.kinds[0] > 0).sum() == 8
    assert found.kinds[1, :-2].max() == 0
    assert found.buckets[1, -1] == 0  # an event without an item
    last = dict(zip(NUMBERS, found.numbers[0, -1], strict=True))
    assert last["since"] == pytest.approx((np.log1p(24 - 1 / 60) - 6) / 2, rel=1e-5)
    assert last["before"] == pytest.approx((np.log1p(1 / 60) - 3) / 3, rel=1e-5)
    assert last["price"] == pytest.approx(
        np.log(20.01) - (2 * np.log(10) + np.log(5)) / 3, rel=1e-4
    )


def test_only_the_last_steps_are_kept():
    many = [(0, 1, float(at), VIEW, 1.0, 1.0) for at in range(100)]
    many[-1] = (*many[-1][:3], PURCHASE, 1.0, 1.0)
    found = sequences_of(many, 1)
    assert found.kinds.tolist() == [[VIEW + 1] * (LENGTH - 1) + [PURCHASE + 1]]


def test_the_lines_of_an_order_are_one_step():
    lines = [(0, item, 2 * DAY, PURCHASE, 2.0, 3.0) for item in range(100)]
    views = [(0, 1, day * DAY, VIEW, 2.0, 1.0) for day in (1, 2)]
    found = sequences_of(lines + views, 3)
    assert found.kinds[0, -4:].tolist() == [0, VIEW + 1, VIEW + 1, PURCHASE + 1]
    last = dict(zip(NUMBERS, found.numbers[0, -1], strict=True))
    assert last["lines"] == pytest.approx(np.log(100) / 2)
    assert last["quantity"] == 3  # the greatest
    assert last["before"] == -1  # at the moment of the view
    alone = dict(zip(NUMBERS, found.numbers[0, -2], strict=True))
    assert alone["lines"] == 0
    assert alone["before"] == pytest.approx((np.log1p(24) - 3) / 3)


def test_steps_about_the_item_that_is_asked_about_are_marked():
    other = (0, 5, 7 * DAY + 30, CART, 1.0, 1.0)
    log = log_of([*TINY, other])
    rows = seen(log, [8 * DAY], per="user_item")
    found = event_sequences(log, rows)
    assert rows.select("user", "item").rows() == [(0, 2), (0, 5)]
    assert found.kinds[:, -3:].tolist() == [[VIEW + 1, CART + 1, CART + 1]] * 2
    assert found.numbers[..., ASKED][:, -3:].tolist() == [[1, 0, 1], [0, 1, 0]]
    assert found.numbers[..., ASKED].sum() == 3
    # All else is the same whichever item is asked about.
    apart = np.delete(found.numbers, ASKED, axis=2)
    assert np.array_equal(apart[0], apart[1])


@pytest.mark.parametrize("per", ["user", "user_item"])
def test_the_order_of_rows_does_not_matter(per):
    rows = [(*row[:2], row[2] // DAY * DAY, *row[3:]) for row in random_rows(6)]
    shuffled = [rows[at] for at in np.random.default_rng(0).permutation(len(rows))]
    assert is_same(sequences_of(shuffled, 20.5, per=per), sequences_of(rows, 20.5, per=per))


def test_several_points_at_once_are_as_each_alone():
    both = sequences_of(TINY, 5, 8)
    alone = [sequences_of(TINY, day) for day in (5, 8)]
    for name in ("kinds", "buckets", "numbers"):
        joined = np.concatenate([getattr(one, name) for one in alone])
        assert np.array_equal(getattr(both, name), joined)


@pytest.mark.parametrize("per", ["user", "user_item"])
def test_the_future_changes_nothing(per):
    rows = random_rows(3)
    cut = 20 * DAY
    past = [row for row in rows if row[2] < cut]
    added = [(user, item, cut, kind, 7.0, 5.0) for user, item, _, kind, *_ in random_rows(4)]
    expected = sequences_of(rows, 20, per=per)
    assert len(expected) > 10
    for more in ([], added):
        assert is_same(sequences_of(past + more, 20, per=per), expected)
    moved = [(user, item, cut - 1, kind, 7.0, 5.0) for user, item, _, kind, *_ in random_rows(4)]
    assert not is_same(sequences_of(past + moved, 20, per=per), expected)


def test_nobody_seen():
    log = log_of(TINY)
    rows = pl.DataFrame({"cut": [], "user": []}, schema={"cut": pl.Float64, "user": pl.Int32})
    assert len(event_sequences(log, rows)) == 0
