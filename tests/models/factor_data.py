"""Made data for the factor models."""

from __future__ import annotations

import numpy as np
import polars as pl

from ecomsql.features.interactions import Interactions, interactions


def random_counts(n_users: int, n_items: int, *, seed: int, timed: bool = False) -> Interactions:
    """Rows of any length, some of them empty, with weights 1 to 5."""
    return interactions(frame(n_users, n_items, seed, timed), n_users=n_users, n_items=n_items)


def frame(n_users: int, n_items: int, seed: int, timed: bool = False) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    taken = rng.random((n_users, n_items)) < rng.random((n_users, 1)) ** 3
    users, items = np.nonzero(taken)
    columns = {
        "user": users.astype(np.int32),
        "item": items.astype(np.int32),
        "weight": rng.integers(1, 6, len(users)).astype(np.float64),
    }
    if timed:
        columns["time"] = rng.integers(0, 9, len(users))
    return pl.DataFrame(columns)


def checkerboard(size: int = 40) -> Interactions:
    """Even users take the even items but one, odd users the odd ones but one."""
    users, items = np.nonzero(
        np.fromfunction(lambda u, i: (u % 2 == i % 2) & (u // 2 != i // 2), (size, size))
    )
    return coded(users, items, np.ones(len(users)), size, size)


def planted_ratings(n_users: int, n_items: int, *, seed: int) -> tuple[Interactions, Interactions]:
    """Ratings of 1 to 5 from two hidden factors, in two halves: to learn from and to predict."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(n_users, 2)) @ rng.normal(size=(2, n_items))
    ratings = np.clip(3.0 + hidden, 0.5, 5.5)
    users, items = np.nonzero(rng.random(ratings.shape) < 0.5)
    learn = rng.random(len(users)) < 0.8
    both = [
        coded(users[part], items[part], ratings[users[part], items[part]], n_users, n_items)
        for part in (learn, ~learn)
    ]
    return both[0], both[1]


def coded(
    users: np.ndarray, items: np.ndarray, weights: np.ndarray, n_users: int, n_items: int
) -> Interactions:
    rows = pl.DataFrame(
        {"user": users.astype(np.int32), "item": items.astype(np.int32), "weight": weights}
    )
    return interactions(rows, n_users=n_users, n_items=n_items)


def nobody(n_users: int, n_items: int) -> Interactions:
    """Users without any history."""
    none = np.zeros(0)
    return coded(none, none, none, n_users, n_items)
