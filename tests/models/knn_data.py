"""Small data for the neighbourhood methods, made on the spot."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from ecomsql.features.interactions import Interactions, interactions


def from_dense(ratings: np.ndarray, times: np.ndarray | None = None) -> Interactions:
    """Return the entries above 0 of users x items `ratings`, with `times` of the same shape."""
    users, items = np.nonzero(ratings)
    columns = {"user": users, "item": items, "weight": ratings[users, items].astype(np.float64)}
    if times is not None:
        columns["time"] = times[users, items]
    return interactions(pl.DataFrame(columns), n_users=ratings.shape[0], n_items=ratings.shape[1])


def checkerboard(n: int = 40) -> np.ndarray:
    """Return n x n: even users took the even items, odd users the odd, each all but her own."""
    board = np.add.outer(np.arange(n), np.arange(n)) % 2 == 0
    np.fill_diagonal(board, val=False)
    return board.astype(np.float64)


def sparse_counts(seed: int, n_users: int = 60, n_items: int = 25) -> np.ndarray:
    """Return random counts of 1 to 5, a fifth of them above 0."""
    random = np.random.default_rng(seed)
    taken = random.random((n_users, n_items)) < 0.2
    return taken * random.integers(1, 6, (n_users, n_items)).astype(np.float64)


@st.composite
def small_counts(draw: st.DrawFn) -> np.ndarray:
    """Draw users x items counts, often with empty rows and columns."""
    shape = draw(st.tuples(st.integers(1, 8), st.integers(1, 8)))
    cells = draw(st.lists(st.integers(0, 3), min_size=shape[0] * shape[1]))[: shape[0] * shape[1]]
    return np.array(cells, dtype=np.float64).reshape(shape)


def in_any_order(counts: np.ndarray) -> list[Interactions]:
    """Return the same data from its rows shuffled in three ways."""
    users, items = np.nonzero(counts)
    frame = pl.DataFrame({"user": users, "item": items, "weight": counts[users, items]})
    shuffled = (frame.sample(fraction=1.0, shuffle=True, seed=seed) for seed in range(3))
    n_users, n_items = counts.shape
    return [interactions(rows, n_users=n_users, n_items=n_items) for rows in shuffled]


VALUES = [-np.inf, -2.5, -1.0, 0.0, 0.5, 1.0, 7.0]


def sparse_rows(seed: int, shape: tuple[int, int], density: float) -> csr_matrix:
    """Return a matrix of few different values, columns in any order, zeros and -inf stored."""
    random = np.random.default_rng(seed)
    there = random.random(shape) < density
    columns = [random.permutation(np.flatnonzero(row)) for row in there]
    values = random.choice(VALUES, int(there.sum())).astype(np.float32)
    offsets = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    indices = np.concatenate([np.zeros(0, dtype=np.int64), *columns]).astype(np.int32)
    return csr_matrix((values, indices, offsets), shape=shape)
