from __future__ import annotations

import numpy as np
import pytest
import torch
from factor_data import checkerboard, random_counts

from ecomsql import progress
from ecomsql.errors import OptionError, Stopped
from ecomsql.features.interactions import Interactions
from ecomsql.models import least_squares
from ecomsql.models.explicit_als import Baseline, rating_rows
from ecomsql.models.implicit_als import confidence_rows, half_step, objective
from ecomsql.models.least_squares import plain, ridge_rows, row_chunks
from ecomsql.models.recommenders.als import Model
from ecomsql.models.row_chunks import Sparse
from ecomsql.models.workers import workers

FACTORS = 12


def dense_half_step(other: np.ndarray, data: Interactions, alpha: float, reg: float) -> np.ndarray:
    rows = []
    for weight in data.matrix().toarray().astype(np.float64):
        confidence = 1.0 + alpha * weight
        system = (other.T * confidence) @ other + reg * np.eye(other.shape[1])
        rows.append(np.linalg.solve(system, other.T @ (confidence * (weight > 0))))
    return np.array(rows)


def dense_objective(users, items, data: Interactions, alpha: float, reg: float) -> float:
    weights = data.matrix().toarray().astype(np.float64)
    errors = (1.0 + alpha * weights) * ((weights > 0) - users @ items.T) ** 2
    return float(errors.sum() + reg * ((users**2).sum() + (items**2).sum()))


def one_half_step(data: Interactions, other: np.ndarray, alpha: float, reg: float, guess=None):
    matrix = confidence_rows(data, (alpha * data.weights).astype(np.float32))
    with workers() as run:
        return half_step(
            torch.tensor(other, dtype=torch.float32),
            row_chunks(matrix, other.shape[1]),
            data.n_users,
            reg,
            run,
            guess=guess,
        ).numpy()


@pytest.mark.parametrize("reg", [0.1, 10.0])
@pytest.mark.parametrize("alpha", [0.5, 40.0, 1e7])
def test_half_step_is_the_dense_solution(alpha, reg):
    data = random_counts(70, 50, seed=3)
    other = np.random.default_rng(0).normal(size=(50, FACTORS))
    assert data.lengths.min() == 0
    assert data.lengths.max() > FACTORS
    want = dense_half_step(other, data, alpha, reg)
    np.testing.assert_allclose(one_half_step(data, other, alpha, reg), want, atol=1e-4)


def test_half_step_in_pieces_of_long_rows(monkeypatch):
    data = random_counts(70, 50, seed=3)
    other = np.random.default_rng(0).normal(size=(50, FACTORS))
    monkeypatch.setattr(least_squares, "PIECE", 5)
    want = dense_half_step(other, data, 4.0, 1.0)
    np.testing.assert_allclose(one_half_step(data, other, 4.0, 1.0), want, atol=1e-4)


def test_half_step_from_a_guess_comes_near():
    data = random_counts(70, 50, seed=3)
    other = np.random.default_rng(0).normal(size=(50, FACTORS))
    want = dense_half_step(other, data, 20.0, 1.0)
    guess = torch.zeros(70, FACTORS)
    got = one_half_step(data, other, 20.0, 1.0, guess)
    assert np.linalg.norm(got - want) < 0.03 * np.linalg.norm(want)


def test_the_fold_in_of_ages_is_the_dense_solution():
    data = random_counts(50, 40, seed=5, timed=True)
    model = Model.fit(data, seed=0, factors=FACTORS, iterations=3, recency=0.6, alpha=7.0)
    assert data.steps is not None
    faded = (data.weights * 0.6**data.steps).astype(np.float32)
    aged = Interactions(data.offsets, data.items, faded, None, data.n_items)
    want = dense_half_step(model.item_factors.numpy(), aged, 7.0, model.regularization)
    with workers() as run:
        got = model.fold_in(data, run)
    np.testing.assert_allclose(got.numpy(), want, atol=1e-4)


def test_objective_is_the_dense_one_and_falls():
    data = random_counts(60, 50, seed=4)
    rng = np.random.default_rng(1)
    users, items = rng.normal(size=(60, FACTORS)), rng.normal(size=(50, FACTORS))
    excess = (3.0 * data.weights).astype(np.float32)

    def loss(first, second):
        tables = (torch.tensor(one, dtype=torch.float32) for one in (first, second))
        return objective(*tables, data, excess, 2.0)

    before = dense_objective(users, items, data, 3.0, 2.0)
    assert loss(users, items) == pytest.approx(before, rel=1e-5)
    assert loss(one_half_step(data, items, 3.0, 2.0), items) < before


def test_every_iteration_lowers_the_loss():
    data = random_counts(80, 60, seed=11)
    losses = [
        Model.fit(data, seed=5, factors=FACTORS, iterations=n).metrics["loss"][-1]
        for n in (1, 2, 4, 8)
    ]
    assert losses == sorted(losses, reverse=True)


def test_explicit_half_step_is_the_dense_solution():
    data = random_counts(70, 50, seed=6)
    other = np.random.default_rng(2).normal(size=(50, FACTORS))
    ratings = Sparse(data.offsets, data.items, (data.weights,), data.n_items)
    rows = row_chunks(rating_rows(ratings, 0.1), FACTORS)
    with workers() as run:
        got = ridge_rows(plain(torch.tensor(other, dtype=torch.float32)), rows, 70, run).numpy()
    for user, row in enumerate(data.matrix().toarray().astype(np.float64)):
        mine = other[row > 0]
        system = mine.T @ mine + 0.1 * len(mine) * np.eye(FACTORS)
        want = np.linalg.solve(system, mine.T @ row[row > 0]) if len(mine) else np.zeros(FACTORS)
        np.testing.assert_allclose(got[user], want, atol=1e-4)


def test_baseline_of_ratings():
    data = random_counts(30, 20, seed=1)
    baseline = Baseline.of(data)
    dense = data.matrix().toarray()
    item = 4
    above = dense[dense[:, item] > 0, item] - data.weights.mean()
    want = above.sum() / (len(above) + 5)
    assert float(baseline.item_bias[item]) == pytest.approx(want, abs=1e-5)


def test_transposed_matrix():
    data = random_counts(30, 20, seed=1)
    turned = Sparse(data.offsets, data.items, (data.weights,), 20).transposed()
    want = data.matrix().T.tocsr()
    np.testing.assert_array_equal(turned.offsets, want.indptr)
    np.testing.assert_array_equal(turned.columns, want.indices)
    np.testing.assert_array_equal(turned.values[0], want.data)


def test_alpha_above_0():
    with pytest.raises(OptionError, match="alpha"):
        Model.fit(checkerboard(), seed=0, alpha=0.0)


def test_stops_on_request():
    progress.stop()
    try:
        with pytest.raises(Stopped):
            Model.fit(checkerboard(), seed=0)
    finally:
        progress.resume()


def test_an_error_in_a_worker_reaches_the_caller():
    def fail(piece: int) -> None:
        raise ValueError(str(piece))

    with pytest.raises(ValueError, match="0"), workers() as run:
        run(fail, range(3))
