from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import torch

from ecomsql.features.interactions import Interactions, interactions
from ecomsql.models.implicit_als import confidence_rows, half_step
from ecomsql.models.least_squares import row_chunks
from ecomsql.models.recommenders.als import Model
from ecomsql.models.workers import workers

FACTORS = 12


def made(n_users: int, n_items: int, *, seed: int, timed: bool = False) -> Interactions:
    """Random data with rows shorter and longer than the factors, and some empty."""
    rng = np.random.default_rng(seed)
    taken = rng.random((n_users, n_items)) < rng.random((n_users, 1)) ** 3
    users, items = np.nonzero(taken)
    frame = pl.DataFrame(
        {
            "user": users.astype(np.int32),
            "item": items.astype(np.int32),
            "weight": rng.integers(1, 6, len(users)).astype(np.float64),
        }
    )
    if timed:
        frame = frame.with_columns(time=pl.Series(rng.integers(0, 9, len(users))))
    return interactions(frame, n_users=n_users, n_items=n_items)


def checkerboard(size: int = 40) -> Interactions:
    """Even users take even items and odd users odd ones, each all but one."""
    pairs = [
        (u, i, 1.0)
        for u in range(size)
        for i in range(size)
        if u % 2 == i % 2 and (u // 2 != i // 2)
    ]
    frame = pl.DataFrame(pairs, schema=["user", "item", "weight"], orient="row")
    return interactions(frame, n_users=size, n_items=size)


def dense_half_step(other: np.ndarray, data: Interactions, alpha: float, reg: float) -> np.ndarray:
    weights = data.matrix().toarray().astype(np.float64)
    rows = []
    for weight in weights:
        confidence = 1.0 + alpha * weight
        system = (other.T * confidence) @ other + reg * np.eye(other.shape[1])
        rows.append(np.linalg.solve(system, other.T @ (confidence * (weight > 0))))
    return np.array(rows)


@pytest.mark.parametrize("feedback", ["implicit", "explicit"])
def test_checkerboard(feedback):
    data = checkerboard()
    model = Model.fit(data, seed=1, factors=8, iterations=8, feedback=feedback)
    items, _ = model.recommend(data, 1)
    if feedback == "implicit":
        assert (items[:, 0] == np.arange(40)).all()


@pytest.mark.parametrize("reg", [0.1, 10.0])
@pytest.mark.parametrize("alpha", [0.5, 40.0])
def test_half_step_is_the_dense_solution(alpha, reg):
    data = made(70, 50, seed=3)
    other = np.random.default_rng(0).normal(size=(50, FACTORS))
    matrix = confidence_rows(data, (alpha * data.weights).astype(np.float32))
    with workers() as run:
        rows = row_chunks(matrix, FACTORS)
        got = half_step(torch.tensor(other, dtype=torch.float32), rows, 70, reg, run)
    want = dense_half_step(other, data, alpha, reg)
    assert data.lengths.min() < FACTORS < data.lengths.max()
    np.testing.assert_allclose(got.numpy(), want, atol=1e-4)
