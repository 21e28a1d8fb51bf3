"""Measures of ranked lists, against loops, hand values, and scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from knn_data import from_dense
from sklearn.metrics import ndcg_score

from ecomsql.models.ranking_metrics import METRICS, hits, ranking_metrics

N_ITEMS = 7


def measured(lists, truth, *, k, train=None, vectors=None):
    """Return the metrics of lists of items against sets of items, one a user."""
    width = max((len(row) for row in lists), default=0)
    items = np.array([row + [-1] * (width - len(row)) for row in lists], np.int32)
    items = items.reshape(len(lists), width)
    return ranking_metrics(
        items,
        from_sets(truth),
        k=k,
        train=from_sets(train if train is not None else [set()] * len(lists)),
        vectors=np.eye(N_ITEMS, dtype=np.float32) if vectors is None else vectors,
    )


def from_sets(sets):
    dense = np.zeros((len(sets), N_ITEMS))
    for user, items in enumerate(sets):
        dense[user, list(items)] = 1
    return from_dense(dense)


def naive(lists, truth, k):
    """Return the accuracy metrics, by the definitions."""
    found = {name: [] for name in ("hit_rate", "precision", "recall", "ndcg", "mrr", "map")}
    for items, wanted in zip(lists, truth, strict=True):
        if not wanted:
            continue
        ranks = [rank for rank, item in enumerate(items, start=1) if item in wanted]
        ideal = range(1, min(len(wanted), k) + 1)
        found["hit_rate"].append(bool(ranks))
        found["precision"].append(len(ranks) / k)
        found["recall"].append(len(ranks) / len(wanted))
        gain = sum(1 / math.log2(rank + 1) for rank in ranks)
        found["ndcg"].append(gain / sum(1 / math.log2(rank + 1) for rank in ideal))
        found["mrr"].append(1 / ranks[0] if ranks else 0)
        precisions = [at / rank for at, rank in enumerate(ranks, start=1)]
        found["map"].append(sum(precisions) / len(ideal))
    return {name: np.mean(values) if values else 0.0 for name, values in found.items()}


one_list = st.lists(st.integers(0, N_ITEMS - 1), unique=True, max_size=4)
one_truth = st.sets(st.integers(0, N_ITEMS - 1), max_size=N_ITEMS)


@given(st.lists(st.tuples(one_list, one_truth), min_size=1, max_size=6), st.integers(4, 9))
def test_accuracy_is_what_loops_say(users, k):
    lists, truth = [list(one) for one, _ in users], [other for _, other in users]
    found = measured(lists, truth, k=k)
    assert list(found) == list(METRICS)
    for name, value in naive(lists, truth, k).items():
        assert found[name] == pytest.approx(value), name
    assert found["users"] == sum(bool(wanted) for wanted in truth)
    measured_lists = [one for one, wanted in zip(lists, truth, strict=True) if wanted]
    in_lists = {item for one in measured_lists for item in one}
    assert found["coverage"] == pytest.approx(len(in_lists) / N_ITEMS)
    assert all(0 <= found[name] <= 1 for name in naive(lists, truth, k))


def test_ndcg_is_that_of_scikit_learn():
    random = np.random.default_rng(3)
    scores = random.permuted(np.tile(np.arange(N_ITEMS, dtype=float), (50, 1)), axis=1)
    relevant = random.random((50, N_ITEMS)) < 0.3
    relevant[:, 0] = True
    lists = np.argsort(-scores, axis=1)[:, :4].tolist()
    truth = [set(np.flatnonzero(row).tolist()) for row in relevant]
    expected = ndcg_score(relevant.astype(int), scores, k=4)
    assert measured(lists, truth, k=4)["ndcg"] == pytest.approx(expected)


def test_hand_values():
    # Items 1 and 3 of {1, 3, 5} in places 1 and 3 of four.
    found = measured([[1, 2, 3, 4]], [{1, 3, 5}], k=4)
    assert found["hit_rate"] == 1
    assert found["precision"] == 2 / 4
    assert found["recall"] == pytest.approx(2 / 3)
    assert found["mrr"] == 1
    assert found["map"] == pytest.approx((1 + 2 / 3) / 3)
    assert found["ndcg"] == pytest.approx((1 + 1 / 2) / (1 + 1 / math.log2(3) + 1 / 2))


def test_diversity_is_one_minus_the_mean_cosine_of_pairs():
    vectors = np.zeros((N_ITEMS, 2), np.float32)
    vectors[:4] = [[1, 0], [1, 0], [0, 1], [math.sqrt(0.5), math.sqrt(0.5)]]
    same, other = [[0, 1]], [[0, 2]]
    assert measured(same, [{5}], k=2, vectors=vectors)["diversity"] == pytest.approx(0)
    assert measured(other, [{5}], k=2, vectors=vectors)["diversity"] == pytest.approx(1)
    # Pairs (0, 2), (0, 3), (2, 3), and a list of one that has none.
    found = measured([[0, 2, 3], [4]], [{5}, {5}], k=3, vectors=vectors)["diversity"]
    assert found == pytest.approx(1 - 2 * math.sqrt(0.5) / 3, abs=1e-6)


def test_novelty_is_the_mean_surprise_of_what_is_listed():
    train = [{0, 1}, {0}, {0}, {0}]
    found = measured([[0, 1], [0], [], []], [{5}] * 4, k=2, train=train)["novelty"]
    assert found == pytest.approx((0 + 2 + 0) / 3)


def test_nobody_to_measure():
    found = measured([[1]], [set()], k=1)
    assert found == dict.fromkeys(METRICS, 0.0)


def test_empty_lists_find_nothing():
    found = measured([[], []], [{1}, {2}], k=3)
    assert {found[name] for name in ("hit_rate", "ndcg", "map", "coverage", "novelty")} == {0.0}


def test_a_very_long_list_costs_what_there_is_to_find():
    found = measured([[1, 2]], [{2}], k=10**15)
    assert found["ndcg"] == pytest.approx(1 / math.log2(3))


def test_hits_do_not_reach_into_other_users():
    truth = from_sets([{0}, {6}])
    lists = np.array([[6, -1], [0, -1]], np.int32)
    assert not hits(lists, truth).any()
