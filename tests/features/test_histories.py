"""Histories in arrays are those that a frame gives."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from ecomsql.features.histories import histories
from ecomsql.features.interactions import interactions

N_USERS, N_ITEMS = 7, 5


@pytest.mark.parametrize("timed", [True, False])
@pytest.mark.parametrize("count", [0, 1, 8, 200])
def test_the_same_as_of_a_frame(count, timed):
    rng = np.random.default_rng(count)
    users = rng.integers(0, N_USERS, count)
    items = rng.integers(0, N_ITEMS, count)
    weights = rng.integers(-2, 5, count) / 4
    times = rng.choice([-np.inf, 1.0, 2.0, 3.5], count) if timed else None
    found = histories(users, items, weights, times, n_users=N_USERS, n_items=N_ITEMS)
    frame = pl.DataFrame({"user": users, "item": items, "weight": weights})
    frame = frame.with_columns(pl.Series("time", times)) if timed else frame
    expected = interactions(frame, n_users=N_USERS, n_items=N_ITEMS)
    for name in ("offsets", "items", "weights", "steps"):
        one, other = getattr(found, name), getattr(expected, name)
        assert (one is None) == (other is None)
        if one is not None:
            np.testing.assert_array_equal(one, other)
            assert one.dtype == other.dtype, name
    assert found.n_items == expected.n_items


def test_the_order_of_rows_does_not_matter():
    users, items = np.zeros(50, np.int64), np.zeros(50, np.int64)
    weights = np.random.default_rng(0).random(50)
    one = histories(users, items, weights, None, n_users=1, n_items=1)
    other = histories(users, items, weights[::-1], None, n_users=1, n_items=1)
    assert one.weights.tobytes() == other.weights.tobytes()
