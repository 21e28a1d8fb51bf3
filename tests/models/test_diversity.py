"""Maximal marginal relevance, against the greedy loop that defines it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecomsql.models.diversity import rerank


def naive(items, scores, vectors, k, diversity):
    """Return the picks of one user."""
    there = [at for at, item in enumerate(items) if item >= 0]
    if not there:
        return []
    low, high = min(scores[at] for at in there), max(scores[at] for at in there)
    relevance = {at: (scores[at] - low) / max(high - low, 1e-12) for at in there}
    picked: list[int] = []
    while there and len(picked) < k:

        def gain(at):
            cosines = [float(vectors[items[at]] @ vectors[items[one]]) for one in picked]
            return (1 - diversity) * relevance[at] - diversity * max([0.0, *cosines])

        best = max(there, key=lambda at: (round(gain(at), 5), -at))
        there.remove(best)
        picked.append(best)
    return [int(items[at]) for at in picked]


def drawn(seed, n_users=6, candidates=8, n_items=12):
    random = np.random.default_rng(seed)
    items = np.stack([random.permutation(n_items)[:candidates] for _ in range(n_users)])
    scores = -np.sort(-random.random((n_users, candidates)), axis=1)
    short = np.arange(candidates) >= random.integers(0, candidates + 1, (n_users, 1))
    items[short], scores[short] = -1, 0
    vectors = random.normal(size=(n_items, 3))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return items.astype(np.int32), scores.astype(np.float32), vectors.astype(np.float32)


@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]), st.integers(1, 10))
def test_is_the_greedy_loop(seed, diversity, k):
    items, scores, vectors = drawn(seed)
    chosen, worth = rerank(items, scores, vectors, k, diversity=diversity)
    assert chosen.shape == worth.shape == (len(items), min(k, items.shape[1]))
    for user, row in enumerate(chosen):
        found = [int(item) for item in row if item >= 0]
        assert row.tolist() == found + [-1] * (len(row) - len(found))
        assert found == naive(items[user], scores[user], vectors, k, diversity)
        own = dict(zip(items[user].tolist(), scores[user].tolist(), strict=True))
        assert worth[user].tolist() == [own[item] if item >= 0 else 0.0 for item in row.tolist()]


@given(st.integers(0, 10**6), st.integers(1, 10))
def test_without_diversity_the_order_stays(seed, k):
    items, scores, vectors = drawn(seed)
    chosen, worth = rerank(items, scores, vectors, k, diversity=0.0)
    np.testing.assert_array_equal(chosen, items[:, :k])
    np.testing.assert_array_equal(worth, scores[:, :k])


def test_what_is_given_is_not_changed():
    items, scores, vectors = drawn(1)
    before = items.copy(), scores.copy(), vectors.copy()
    rerank(items, scores, vectors, 3, diversity=0.7)
    for array, copy in zip((items, scores, vectors), before, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("shape", [(0, 5), (3, 0), (0, 0)])
def test_nobody_and_nothing(shape):
    empty = np.zeros(shape, np.int32), np.zeros(shape, np.float32)
    chosen, _ = rerank(*empty, np.zeros((2, 3), np.float32), 4, diversity=0.5)
    assert chosen.shape == (shape[0], min(4, shape[1]))


def test_more_diversity_gives_more_various_lists():
    items, scores, vectors = drawn(3, n_users=200)

    def sameness(diversity):
        chosen, _ = rerank(items, scores, vectors, 3, diversity=diversity)
        full = vectors[chosen[(chosen >= 0).all(axis=1)]]
        return float((np.square(full.sum(axis=1)).sum(axis=1)).mean())

    levels = [sameness(diversity) for diversity in (0.0, 0.3, 0.6, 1.0)]
    assert levels == sorted(levels, reverse=True)
