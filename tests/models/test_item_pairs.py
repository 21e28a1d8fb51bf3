"""Pairs of items against a plain loop over users."""

from __future__ import annotations

import numpy as np
import pytest
from linear_data import pairs_by_loop, random_data

from ecomsql.models.item_pairs import forward_matrix, gram_matrix, pair_weights


@pytest.mark.parametrize("times", [None, 1, 5, 40])
@pytest.mark.parametrize("closeness", [1.0, 0.7, 0.05])
def test_equal_a_loop(times: int | None, closeness: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecomsql.models.item_pairs.ROWS", 7)
    monkeypatch.setattr("ecomsql.models.item_pairs.PAIRS", 50)
    data = random_data(3, times=times)
    gram, forward = pairs_by_loop(data, closeness)
    np.testing.assert_allclose(gram_matrix(data, closeness=closeness), gram, rtol=1e-5, atol=1e-6)
    found = forward_matrix(data, closeness=closeness).toarray()
    np.testing.assert_allclose(found, forward, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found + found.T, gram - np.diag(np.diag(gram)), 1e-5, 1e-6)


def test_long_rows_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecomsql.models.item_pairs.FOLLOWERS", 3)
    found = forward_matrix(random_data(3), closeness=0.8)
    whole = pairs_by_loop(random_data(3), 0.8)[1]
    for item, row in enumerate(found.toarray()):
        best = np.sort(whole[item])[::-1][:3]
        np.testing.assert_allclose(np.sort(row)[::-1][: len(best)], best, rtol=1e-5)


@pytest.mark.parametrize("closeness", [0.05, 0.5, 0.8, 0.99])
def test_weights_are_positive_definite(closeness: float) -> None:
    weights = np.zeros(200)
    near = pair_weights(closeness, 199)
    weights[: len(near)] = near
    apart = np.abs(np.subtract.outer(np.arange(200), np.arange(200)))
    assert np.linalg.eigvalsh(weights[apart]).min() > -1e-6
