from __future__ import annotations

import numpy as np
import pytest
import torch
from factor_data import random_counts

from ecomsql.models.ranking import top_k


def in_order(scores: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    codes = np.broadcast_to(np.arange(scores.shape[1]), scores.shape)
    items = np.lexsort((codes, -scores), axis=1)[:, :k]
    values = np.take_along_axis(scores, items, 1)
    nothing = np.isneginf(values)
    return np.where(nothing, -1, items), np.where(nothing, 0.0, values)


KINDS = {
    "distinct": lambda rng, shape: rng.standard_normal(shape),
    "ties": lambda rng, shape: rng.integers(-3, 3, shape),
    "equal": lambda rng, shape: np.zeros(shape),
    "signed zeros": lambda rng, shape: np.where(rng.random(shape) < 0.5, 0.0, -0.0),
    "mostly nothing": lambda rng, shape: np.where(rng.random(shape) < 0.99, -np.inf, 1.0),
    "nothing": lambda rng, shape: np.full(shape, -np.inf),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_items", [1, 5, 130, 1000, 5003])
@pytest.mark.parametrize("k", [1, 3, 10, 2000])
def test_best_first_and_ties_by_code(kind, n_items, k):
    scores = KINDS[kind](np.random.default_rng(1), (9, n_items)).astype(np.float32)
    items, values = top_k(torch.from_numpy(scores.copy()), k)
    want = in_order(scores, k)
    assert items.dtype == np.int32
    assert values.dtype == np.float32
    np.testing.assert_array_equal(items, want[0])
    np.testing.assert_array_equal(values, want[1])


def test_seen_items_are_left_out():
    data = random_counts(30, 20, seed=1)
    items, _ = top_k(torch.rand(30, 20), 20, seen=data)
    for user in range(30):
        seen = data.items[data.offsets[user] : data.offsets[user + 1]]
        assert set(items[user]) - {-1} == set(range(20)) - set(seen)


def test_no_rows():
    items, scores = top_k(torch.zeros(0, 7), 3)
    assert items.shape == scores.shape == (0, 3)
