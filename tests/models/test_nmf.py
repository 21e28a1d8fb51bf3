from __future__ import annotations

import numpy as np
import pytest
import torch
from factor_data import coded, random_counts
from scipy.optimize import nnls
from sklearn.decomposition import NMF

from ecomsql.errors import ModelError
from ecomsql.models.explicit_nmf import fit_rated_nmf
from ecomsql.models.implicit_nmf import fit_nmf, reconstruction_loss, update
from ecomsql.models.nonnegative_start import nonnegative_start, singular_vectors
from ecomsql.models.recommenders.nmf import Model
from ecomsql.models.workers import workers


def test_update_keeps_factors_above_0_and_lowers_the_loss():
    data = random_counts(60, 40, seed=1)
    users, items = nonnegative_start(data.matrix(), 6, 0)
    losses = [reconstruction_loss(users, items, data, 0.5)]
    dense = data.matrix().toarray() - users.numpy() @ items.numpy().T
    squares = (dense**2).sum() + 0.5 * float(users.square().sum() + items.square().sum())
    assert losses[0] == pytest.approx(squares / 2, rel=1e-5)
    with workers() as run:
        for _ in range(5):
            update(users, items, data.matrix(), 0.5, run)
            losses.append(reconstruction_loss(users, items, data, 0.5))
            update(items, users, data.matrix().T.tocsr(), 0.5, run)
            losses.append(reconstruction_loss(users, items, data, 0.5))
    assert losses == sorted(losses, reverse=True)
    assert min(users.min(), items.min()) >= 0


@pytest.mark.parametrize("iterations", [5, 50])
def test_error_is_no_worse_than_that_of_scikit_learn(iterations):
    rng = np.random.default_rng(3)
    hidden = rng.gamma(0.3, size=(150, 8)) @ rng.gamma(0.3, size=(8, 90))
    users, items = np.nonzero(counts := rng.poisson(hidden))
    data = coded(users, items, counts[users, items].astype(np.float64), 150, 90)
    matrix = data.matrix().copy()
    model = NMF(8, max_iter=iterations, tol=0.0, random_state=0)
    model.fit(matrix)
    options = {"factors": 8, "iterations": iterations, "regularization": 0.0}
    loss = fit_nmf(data, seed=0, **options)[2]["loss"][-1]
    assert loss <= 1.002 * model.reconstruction_err_**2 / 2


@pytest.mark.parametrize("fit", [fit_nmf, fit_rated_nmf])
def test_every_iteration_lowers_the_loss(fit):
    data = random_counts(80, 60, seed=5)
    fits = [
        fit(data, seed=1, factors=6, iterations=n, regularization=0.3) for n in (1, 2, 3, 6, 12)
    ]
    losses = [metrics["loss"][-1] for _, _, metrics in fits]
    assert losses == sorted(losses, reverse=True)
    assert all(items.min() >= 0 for items, _, _ in fits)


@pytest.mark.parametrize("regularization", [0.0, 2.0])
def test_fold_in_is_the_non_negative_solution(regularization):
    data = random_counts(50, 40, seed=6, timed=True)
    model = Model.fit(
        data, seed=0, factors=8, iterations=10, regularization=regularization, recency=0.7
    )
    assert data.steps is not None
    aged = data.matrix((data.weights * 0.7**data.steps).astype(np.float32)).toarray()
    with workers() as run:
        got = model.fold_in(data, run).numpy()
    factors = model.item_factors.numpy().astype(np.float64)
    system = np.vstack([factors, np.sqrt(regularization) * np.eye(8)])
    for user in range(50):
        want = nnls(system, np.concatenate([aged[user], np.zeros(8)]))[0]
        np.testing.assert_allclose(got[user], want, atol=2e-3 * max(want.max(), 1e-6))
    assert got.min() >= 0


def test_explicit_fold_in_is_the_non_negative_solution():
    data = random_counts(50, 40, seed=6, timed=True)
    model = Model.fit(data, seed=0, factors=5, iterations=30, recency=0.7, feedback="explicit")
    with workers() as run:
        got = model.fold_in(data, run).numpy()
    factors = model.item_factors.numpy().astype(np.float64)
    assert data.steps is not None
    for user in range(50):
        part = slice(data.offsets[user], data.offsets[user + 1])
        root = np.sqrt(0.7 ** data.steps[part])
        system = np.vstack(
            [root[:, None] * factors[data.items[part]], np.sqrt(model.regularization) * np.eye(5)]
        )
        want = nnls(system, np.concatenate([root * data.weights[part], np.zeros(5)]))[0]
        np.testing.assert_allclose(got[user], want, atol=5e-3 * max(want.max(), 1e-6))


def test_singular_vectors():
    data = random_counts(70, 50, seed=2)
    dense = data.matrix().toarray()
    left, values, right = singular_vectors(data.matrix(), 5, 0)
    np.testing.assert_allclose(values, np.linalg.svd(dense, compute_uv=False)[:5], rtol=1e-3)
    np.testing.assert_allclose(dense @ right, left * values, atol=0.05 * values[0])


def test_factors_below_0_are_refused():
    arrays, values = Model.fit(random_counts(20, 10, seed=1), seed=0, factors=3).state()
    arrays["item_factors"] = -np.abs(arrays["item_factors"]) - 1
    with pytest.raises(ModelError, match="below 0"):
        Model.from_state(arrays, values)


def test_what_was_taken_together_scores_higher():
    data = random_counts(60, 40, seed=2)
    scores = Model.fit(data, seed=0, factors=20, iterations=30).scores(data)
    taken = torch.from_numpy(data.matrix().toarray() > 0)
    assert scores[taken].mean() > 2 * scores[~taken].mean()
