"""Lists are full, hold nothing twice and nothing seen, and serve strangers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from knn_data import from_dense, small_counts

from ecomsql.features.audience import audience_vectors
from ecomsql.features.popularity import popularity
from ecomsql.models.leading_items import LeadingItems
from ecomsql.models.recommender import Recommender
from ecomsql.models.shortlist import Shortlist


class Fixed(Recommender):
    """Gives the same scores to everyone; -inf: no score."""

    method = "fixed"

    def __init__(self, scores, *, is_personal=True):
        self.fixed = np.asarray(scores, dtype=np.float32)
        self.n_items = len(scores)
        self.is_personal = is_personal

    @classmethod
    def fit(cls, data, *, seed):
        raise NotImplementedError

    def scores(self, history):
        return torch.from_numpy(self.fixed).repeat(history.n_users, 1)

    def state(self):
        return {}, {}

    @classmethod
    def from_state(cls, arrays, values):
        raise NotImplementedError


def shortlist(scores, data, *, k, exclude_seen=True, diversity=0.0, is_personal=True):
    return Shortlist(
        Fixed(scores, is_personal=is_personal),
        LeadingItems(popularity(data)),
        audience_vectors(data, seed=0),
        k,
        exclude_seen,
        diversity,
    )


scores_of = st.lists(st.sampled_from([-np.inf, -1.0, 0.0, 0.5, 2.0]), min_size=8, max_size=8)


@given(small_counts(), scores_of, st.integers(1, 12), st.booleans(), st.sampled_from([0.0, 0.5]))
def test_lists_are_full_and_hold_nothing_twice(counts, scores, k, exclude_seen, diversity):
    data = from_dense(counts)
    made = shortlist(
        scores[: data.n_items], data, k=k, exclude_seen=exclude_seen, diversity=diversity
    )
    items, worth = made.lists(data)
    assert items.shape == worth.shape == (data.n_users, min(k, data.n_items))
    for user, row in enumerate(items):
        seen = set(np.flatnonzero(counts[user])) if exclude_seen else set()
        given = [item for item in row.tolist() if item >= 0]
        assert len(given) == len(set(given)) == min(k, data.n_items - len(seen))
        assert not seen & set(given)
        assert row.tolist()[: len(given)] == given
        assert np.isfinite(worth[user]).all()
        assert not worth[user][len(given) :].any()


COUNTS = np.array([[1, 1, 0, 0, 0], [1, 0, 1, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 0]], float)


def test_places_left_over_take_popular_items_at_score_zero():
    data = from_dense(COUNTS)
    items, worth = shortlist([-np.inf, -np.inf, -np.inf, -np.inf, 7.0], data, k=4).lists(data)
    assert items[0].tolist() == [4, 2, 3, -1]
    assert worth[0].tolist() == [7, 0, 0, 0]


def test_strangers_get_popular_items_from_personal_methods_only():
    data = from_dense(COUNTS)
    scores = [0.0, 1.0, 2.0, 3.0, 4.0]
    items, worth = shortlist(scores, data, k=3).lists(data.take(np.array([3, -1])))
    assert items.tolist() == [[0, 1, 2]] * 2
    assert not worth.any()
    items, worth = shortlist(scores, data, k=3, is_personal=False).lists(data.take(np.array([-1])))
    assert items.tolist() == [[4, 3, 2]]
    assert worth.tolist() == [[4, 3, 2]]


@pytest.mark.parametrize("diversity", [0.0, 0.5])
def test_many_users_are_answered_in_batches(diversity):
    random = np.random.default_rng(0)
    counts = (random.random((3000, 9)) < 0.3).astype(float)
    data = from_dense(counts)
    scores = [-np.inf] * 5 + [3.0, 2.0, 1.0, 0.5]
    whole, _ = shortlist(scores, data, k=6, diversity=diversity).lists(data)
    some = random.permutation(3000)[:50]
    part, _ = shortlist(scores, data, k=6, diversity=diversity).lists(data.take(some))
    np.testing.assert_array_equal(whole[some], part)


def test_nobody():
    data = from_dense(COUNTS)
    items, _ = shortlist([1.0] * 5, data, k=3).lists(data.take(np.zeros(0, np.int64)))
    assert items.shape == (0, 3)
