"""What is held out: whole pairs, the latest, and no more than is asked for."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from coded_events import built, events, frame_of, naive, shown
from hypothesis import given
from hypothesis import strategies as st

from ecomsql.errors import DataError
from ecomsql.features.splits import SPLITS, any_out, held_out, is_late, last_out


@given(events)
def test_last_out_is_the_last_item_of_users_with_two(rows):
    data = built(rows)
    expected = []
    for row in naive(rows).values():
        expected += [False] * len(row)
        if len(row) > 1:
            expected[-1] = True
    assert last_out(data).tolist() == expected
    assert held_out(data, "leave_last_out", seed=1).tolist() == expected


@given(events, st.integers(0, 2**32))
def test_any_out_is_one_item_of_users_with_two(rows, seed):
    data = built(rows)
    mask = any_out(data, seed=seed)
    per_user = np.bincount(data.users[mask], minlength=data.n_users)
    assert per_user.tolist() == (data.lengths > 1).astype(int).tolist()
    np.testing.assert_array_equal(mask, any_out(data, seed=seed))


@pytest.mark.parametrize("split", [split for split in SPLITS if split != "temporal"])
@given(rows=events, seed=st.integers(0, 2**32))
def test_a_pair_is_on_one_side(split, rows, seed):
    data = built(rows)
    mask = held_out(data, split, seed=seed)
    train, truth = data.keep(~mask), data.keep(mask)
    assert not train.is_in(truth).any()
    assert len(train.items) + len(truth.items) == len(data.items)


def test_random_takes_a_fifth_by_the_seed():
    rows = [(user % 4, user % 5, 1.0, 0.0) for user in range(20)]
    data = built(rows)
    shares = [held_out(data, "random", seed=seed).mean() for seed in range(300)]
    assert 0.18 < np.mean(shares) < 0.22
    assert len({held_out(data, "random", seed=seed).tobytes() for seed in range(20)}) > 10


def test_temporal_takes_the_latest_fifth():
    frame = frame_of([(0, 0, 1.0, float(time)) for time in range(10)])
    assert is_late(frame).to_list() == [False] * 8 + [True] * 2


@given(events)
def test_temporal_cuts_between_times_and_takes_a_fifth_at_most(rows):
    late = is_late(frame_of(rows))
    times = np.array([time for *_, time in rows])
    mask = late.to_numpy()
    assert len(mask) == len(rows)
    assert mask.sum() <= np.ceil(0.2 * max(len(rows) - 1, 0))
    if mask.any() and not mask.all():
        assert times[mask].min() > times[~mask].max()


@given(st.data(), events)
def test_splits_do_not_depend_on_the_order_of_rows(draw, rows):
    other = draw.draw(st.permutations(rows))
    for split in ("leave_last_out", "random"):
        first, second = built(rows), built(other)
        masks = [held_out(data, split, seed=3) for data in (first, second)]
        assert shown(first.keep(masks[0])) == shown(second.keep(masks[1]))


def test_splits_by_time_need_times():
    data = built([(0, 0, 1.0, 0.0), (0, 1, 1.0, 0.0)], timed=False)
    with pytest.raises(DataError, match="split := 'leave_last_out' needs a column of times"):
        held_out(data, "leave_last_out", seed=1)
    with pytest.raises(DataError, match="split := 'temporal' needs a column of times"):
        is_late(pl.DataFrame({"user": [0], "item": [0], "weight": [1.0]}))
    assert held_out(data, "random", seed=1).shape == (2,)
