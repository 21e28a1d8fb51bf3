"""Interactions against plain Python, whatever the order of the rows."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from coded_events import N_ITEMS, N_USERS, built, check, events, naive, shown
from hypothesis import given
from hypothesis import strategies as st

from ecomsql.features.interactions import interactions


@given(events, st.booleans())
def test_is_what_plain_python_makes_of_the_events(rows, timed):
    data = built(rows, timed=timed)
    check(data)
    assert shown(data) == naive(rows, timed=timed)
    assert (data.n_users, data.n_items) == (N_USERS, N_ITEMS)
    assert data.users.tolist() == [user for user, row in shown(data).items() for _ in row]


@given(st.data(), events, st.booleans())
def test_order_of_the_rows_does_not_matter(draw, rows, timed):
    other = draw.draw(st.permutations(rows))
    assert shown(built(rows, timed=timed)) == shown(built(other, timed=timed))


def test_sums_of_rounded_weights_do_not_depend_on_the_order():
    random = np.random.default_rng(0)
    rows = [(0, 0, weight, 0.0) for weight in random.lognormal(0, 5, 200)]
    sums = {built([rows[at] for at in random.permutation(200)]).weights[0] for _ in range(20)}
    assert len(sums) == 1


@given(events, st.lists(st.integers(-1, N_USERS - 1), max_size=6), st.booleans())
def test_take_gives_rows_in_that_order(rows, users, timed):
    data = built(rows, timed=timed)
    taken = data.take(np.array(users, dtype=np.int64))
    check(taken)
    expected = [[] if user < 0 else naive(rows, timed=timed)[user] for user in users]
    assert list(shown(taken).values()) == expected


def test_take_of_no_users_at_all():
    data = interactions(
        pl.DataFrame(schema={"user": pl.Int32, "item": pl.Int32, "weight": pl.Float64}),
        n_users=0,
        n_items=3,
    )
    check(data)
    taken = data.take(np.array([-1, -1]))
    assert (taken.n_users, taken.n_items, len(taken.items)) == (2, 3, 0)


@given(st.data(), events, st.booleans())
def test_keep_is_as_if_the_others_had_never_been(draw, rows, timed):
    data = built(rows, timed=timed)
    mask = np.array(
        draw.draw(st.lists(st.booleans(), min_size=len(data.items), max_size=len(data.items))), bool
    )
    kept = data.keep(mask)
    check(kept)
    stays = set(zip(data.users[mask].tolist(), data.items[mask].tolist(), strict=True))
    assert shown(kept) == naive([row for row in rows if row[:2] in stays], timed=timed)


@given(events, st.integers(0, N_USERS), st.integers(0, N_USERS))
def test_rows_are_a_slice(rows, start, stop):
    start, stop = sorted((start, stop))
    part = built(rows).rows(start, stop)
    check(part)
    assert list(shown(part).values()) == [naive(rows)[user] for user in range(start, stop)]


@pytest.mark.parametrize("size", [1, 3, 100])
@given(rows=events)
def test_batches_are_all_rows(size, rows):
    data = built(rows)
    found = []
    for start, batch in data.batches(size):
        assert start == len(found)
        assert batch.n_users <= size
        found += shown(batch).values()
    assert found == list(shown(data).values())


@given(events, events)
def test_is_in(rows, others):
    data, other = built(rows), built(others)
    pairs = {(user, item) for user, row in shown(other).items() for item, _, _ in row}
    expected = [(user, item) in pairs for user, row in shown(data).items() for item, _, _ in row]
    assert data.is_in(other).tolist() == expected


@given(events)
def test_matrix(rows):
    data = built(rows)
    dense = np.zeros((N_USERS, N_ITEMS))
    for user, row in naive(rows).items():
        for item, weight, _ in row:
            dense[user, item] = weight
    np.testing.assert_array_equal(data.matrix().toarray(), dense)
    ones = data.matrix(np.ones(len(data.items), dtype=np.float32))
    np.testing.assert_array_equal(ones.toarray(), dense > 0)


def test_a_basket_shares_one_step():
    rows = [(0, 3, 1.0, 5.0), (0, 1, 1.0, 5.0), (0, 0, 1.0, 4.0), (0, 2, 1.0, 9.0)]
    assert shown(built(rows))[0] == [(0, 1.0, 2), (1, 1.0, 1), (3, 1.0, 1), (2, 1.0, 0)]
