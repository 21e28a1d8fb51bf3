"""Shapley values: the mean over all orders, and what follows from it."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from ecomsql.models.baseline_shapley import baseline_shapley

PLAYERS = ("a", "b", "c", "d")


def values(seed: int) -> dict[frozenset[str], np.ndarray]:
    random = np.random.default_rng(seed)
    found = {}
    for mask in range(16):
        known = frozenset(name for at, name in enumerate(PLAYERS) if mask >> at & 1)
        found[known] = random.normal(size=3)
    return found


@pytest.mark.parametrize("seed", range(5))
def test_is_the_mean_over_all_orders(seed):
    worth = values(seed)
    expected = np.zeros((3, 4))
    for order in permutations(range(4)):
        known: frozenset[str] = frozenset()
        for place in order:
            more = known | {PLAYERS[place]}
            expected[:, place] += (worth[more] - worth[known]) / 24
            known = more
    found = baseline_shapley(worth.__getitem__, PLAYERS)
    assert np.allclose(found, expected, atol=1e-14)
    total = worth[frozenset(PLAYERS)] - worth[frozenset()]
    assert np.allclose(found.sum(axis=1), total, atol=1e-14)


def test_of_a_sum_each_gets_its_own_and_of_a_product_the_interaction_is_shared():
    given = {"a": 2.0, "b": -1.0}
    added = baseline_shapley(lambda some: np.array([sum(given[name] for name in some)]), ("a", "b"))
    assert added.tolist() == [[2.0, -1.0]]

    def product(some):
        return np.array([(3.0 if "a" in some else 1.0) * (5.0 if "b" in some else 1.0)])

    assert baseline_shapley(product, ("a", "b")).tolist() == [[6.0, 8.0]]
