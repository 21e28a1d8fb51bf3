"""Sequences of events: in order, padded at the front, and blind to the future."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from test_behaviour import TINY, log_of, random_rows

from ecomsql.features.behaviour import seen
from ecomsql.features.calendar import DAY
from ecomsql.features.event_log import CART, PURCHASE, VIEW
from ecomsql.features.event_sequences import LENGTH, NUMBERS, EventSequences, event_sequences


def sequences_of(rows: list[tuple], *days: float) -> EventSequences:
    log = log_of(rows)
    return event_sequences(log, seen(log, [day * DAY for day in days]))


def test_the_last_events_stand_at_the_end():
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


def test_only_the_last_events_are_kept():
    many = [(0, 1, float(at), VIEW, 1.0, 1.0) for at in range(100)]
    many[-1] = (*many[-1][:3], PURCHASE, 1.0, 1.0)
    found = sequences_of(many, 1)
    assert found.kinds.tolist() == [[VIEW + 1] * (LENGTH - 1) + [PURCHASE + 1]]


def test_several_points_at_once_are_as_each_alone():
    both = sequences_of(TINY, 5, 8)
    alone = [sequences_of(TINY, day) for day in (5, 8)]
    for name in ("kinds", "buckets", "numbers"):
        joined = np.concatenate([getattr(one, name) for one in alone])
        assert np.array_equal(getattr(both, name), joined)


def test_the_future_changes_nothing():
    rows = random_rows(3)
    cut = 20 * DAY
    past = [row for row in rows if row[2] < cut]
    added = [(user, item, cut, kind, 7.0, 5.0) for user, item, _, kind, *_ in random_rows(4)]
    expected = sequences_of(rows, 20)
    for more in ([], added):
        found = sequences_of(past + more, 20)
        assert np.array_equal(found.kinds, expected.kinds)
        assert np.array_equal(found.buckets, expected.buckets)
        assert np.allclose(found.numbers, expected.numbers)


def test_nobody_seen():
    log = log_of(TINY)
    rows = pl.DataFrame({"cut": [], "user": []}, schema={"cut": pl.Float64, "user": pl.Int32})
    assert len(event_sequences(log, rows)) == 0
