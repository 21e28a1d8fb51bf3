"""The regressions are scikit-learn's, to the optimum."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge

from ecomsql import progress
from ecomsql.errors import Stopped
from ecomsql.models import newton
from ecomsql.models.newton import penalised_logistic, penalised_squares


def inputs(n: int = 300, seed: int = 0) -> np.ndarray:
    values = np.random.default_rng(seed).normal(size=(n, 5))
    return values - values.mean(axis=0)


@pytest.mark.parametrize("penalty", [0.1, 1.0, 100.0])
def test_ridge(penalty):
    x = inputs()
    y = x @ np.arange(5) + np.random.default_rng(1).normal(size=len(x)) + 7.0
    weights, base = penalised_squares(x, y, penalty)
    peer = Ridge(alpha=penalty).fit(x, y)
    np.testing.assert_allclose(weights[:, 0], peer.coef_, rtol=1e-9)
    np.testing.assert_allclose(base, [peer.intercept_], rtol=1e-9)


@pytest.mark.parametrize("penalty", [0.01, 1.0, 100.0])
@pytest.mark.parametrize("classes", [2, 3])
def test_logistic(penalty, classes):
    x = inputs()
    score = x @ np.arange(5) / 2 + np.random.default_rng(1).logistic(size=len(x))
    y = np.digitize(score, [0.0] if classes == 2 else [-1.0, 1.0])
    weights, base = penalised_logistic(x, y, classes, penalty)
    peer = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=5000).fit(x, y)
    ours = x @ weights + base
    expected = peer.decision_function(x).reshape(ours.shape)
    if classes > 2:
        ours = ours - ours.mean(axis=1, keepdims=True)
        expected = expected - expected.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(ours, expected, atol=2e-3)


def test_separable_classes_stay_finite():
    x = np.array([[-2.0], [-1.0], [1.0], [2.0]])
    weights, _ = penalised_logistic(x, np.array([0, 0, 1, 1]), 2, 1e-3)
    assert np.isfinite(weights).all()
    assert weights[0, 0] > 0


def test_blocks_of_rows_give_the_same(monkeypatch):
    x = inputs()
    y = (x[:, 0] > 0.3).astype(np.int64)
    whole = penalised_logistic(x, y, 2, 1.0), penalised_squares(x, x[:, 0] + 1.0, 1.0)
    monkeypatch.setattr(newton, "BLOCK", 7)
    blocks = penalised_logistic(x, y, 2, 1.0), penalised_squares(x, x[:, 0] + 1.0, 1.0)
    for ours, expected in zip(blocks, whole, strict=True):
        np.testing.assert_allclose(ours[0], expected[0], rtol=1e-9)
        np.testing.assert_allclose(ours[1], expected[1], rtol=1e-9)


@pytest.mark.parametrize("classes", [2, 3])
def test_can_be_stopped(classes):
    with progress.working_for(1):
        progress.stop(1)
        try:
            with pytest.raises(Stopped):
                penalised_logistic(inputs(), np.arange(300) % classes, classes, 1.0)
        finally:
            progress.resume(1)
