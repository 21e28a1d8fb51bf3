"""What is held out, what it is worth, and which option wins."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from linear_data import random_data

from ecomsql.models.held_out import clearly_best, gains, hold_out, most_popular


@pytest.mark.parametrize("times", [None, 40])
def test_one_item_of_each_user(times: int | None) -> None:
    data = random_data(1, times=times)
    held = hold_out(data, users=20, seed=4)
    assert held.history.n_users == len(held.targets) == 20
    assert len(held.rest.items) == len(data.items) - 20
    whole, rest = data.matrix(), held.rest.matrix()
    users = np.flatnonzero(data.lengths - held.rest.lengths)
    for row, user in enumerate(users):
        assert set(whole[user].indices) - set(rest[user].indices) == {held.targets[row]}
        assert (held.history.rows(row, row + 1).items == held.rest.rows(user, user + 1).items).all()
        if times is not None:
            assert held.targets[row] == data.rows(user, user + 1).items[-1]


def test_few_users() -> None:
    data = random_data(1, n_users=3, n=4)
    assert len(hold_out(data, users=20, seed=4).targets) <= 3


def test_gains_by_rank() -> None:
    data = random_data(2, n_users=2, n_items=5, n=1)
    rows = data.take(np.array([-1, -1]))
    scores = torch.tensor([[5.0, 4.0, 3.0, 2.0, 1.0], [1.0, 1.0, 1.0, 0.0, 0.0]])
    found = gains(scores, rows, torch.tensor([0, 2]), 10)
    np.testing.assert_allclose(found, [1, 1 / np.log2(3)])
    assert gains(scores, rows, torch.tensor([3, 3]), 2).tolist() == [0, 0]


def test_the_default_stays_unless_clearly_beaten() -> None:
    random = np.random.default_rng(0)
    base = random.random(1000)
    noise = random.standard_normal(1000)
    assert clearly_best([base, base + 0.01 * (noise - noise.mean())]) == 0
    assert clearly_best([base, base + 0.1, base + 0.2, base - 1]) == 2
    assert clearly_best([np.zeros(0), np.zeros(0)]) == 0


def test_most_popular_keeps_counts_and_steps() -> None:
    data = random_data(5)
    part = most_popular(data, 10)
    counts = np.bincount(data.items, minlength=data.n_items)
    assert part.n_items == 10
    assert np.bincount(part.items).sum() == np.sort(counts)[::-1][:10].sum()
    assert part.steps is not None
    assert data.steps is not None
    assert set(part.steps) <= set(data.steps)
