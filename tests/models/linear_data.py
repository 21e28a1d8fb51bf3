"""Small data for the linear methods, and their formulas on dense matrices."""

from __future__ import annotations

import numpy as np
import polars as pl

from ecomsql.features.interactions import Interactions, interactions
from ecomsql.models.item_pairs import NOTHING


def random_events(
    seed: int, *, n_users: int = 60, n_items: int = 30, n: int = 500, times: int | None = 40
) -> pl.DataFrame:
    """Return events of random users, items and times; without times where `times` is None."""
    random = np.random.default_rng(seed)
    columns = {
        "user": random.integers(0, n_users, n),
        "item": np.minimum(random.geometric(0.1, n) - 1, n_items - 1),
        "weight": random.integers(1, 6, n).astype(np.float64),
    }
    if times is not None:
        columns["time"] = random.integers(0, times, n)
    return pl.DataFrame(columns)


def random_data(
    seed: int, *, n_users: int = 60, n_items: int = 30, **kind: int | None
) -> Interactions:
    """Return :func:`random_events` as Interactions."""
    events = random_events(seed, n_users=n_users, n_items=n_items, **kind)
    return interactions(events, n_users=n_users, n_items=n_items)


def halves(n_users: int = 40, n_items: int = 20) -> Interactions:
    """Return even users with most of the even items, odd users with most of the odd ones."""
    random = np.random.default_rng(1)
    own = np.add.outer(np.arange(n_users), np.arange(n_items)) % 2 == 0
    users, items = np.nonzero(own & (random.random(own.shape) < 0.7))
    frame = pl.DataFrame({"user": users, "item": items, "weight": np.ones(len(users))})
    return interactions(frame, n_users=n_users, n_items=n_items)


def binary(data: Interactions) -> np.ndarray:
    """Return the dense users x items matrix of zeros and ones."""
    return data.matrix(np.ones(len(data.items), dtype=np.float32)).toarray().astype(np.float64)


def pairs_by_loop(data: Interactions, closeness: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the Gram matrix and the matrix of forward pairs, added up pair by pair."""
    gram = np.zeros((data.n_items, data.n_items))
    forward = np.zeros_like(gram)
    steps = np.zeros(len(data.items), dtype=int) if data.steps is None else data.steps
    whole = np.inf if closeness == 1 else np.log(NOTHING) / np.log(closeness)

    def count(apart: int) -> float:
        return closeness**apart * max(1 - apart / whole, 0)

    for user in range(data.n_users):
        own = range(data.offsets[user], data.offsets[user + 1])
        for one in own:
            for other in own:
                back = int(steps[one]) - int(steps[other])
                at = data.items[one], data.items[other]
                gram[at] += count(abs(back))
                if one != other and back >= 0:
                    forward[at] += count(back) * (0.5 if back == 0 else 1)
    return gram, forward


def dense_ease(
    data: Interactions, *, regularization: float, closeness: float = 1, reverse: float = 1
) -> np.ndarray:
    """Solve the regression under a zero diagonal column by column, from the normal equations."""
    gram, forward = pairs_by_loop(data, closeness)
    target = reverse * gram + (1 - reverse) * forward
    weights = np.zeros_like(gram)
    for item in range(data.n_items):
        others = np.arange(data.n_items) != item
        left = gram[np.ix_(others, others)] + regularization * np.eye(others.sum())
        # The multiplier of the constraint leaves the other rows' equations as they are.
        weights[others, item] = np.linalg.solve(left, target[others, item])
    return weights
