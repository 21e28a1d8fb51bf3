"""Singular vectors against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse import random as random_sparse
from scipy.sparse.linalg import svds

from ecomsql.models.truncated_svd import right_singular_vectors


@pytest.mark.parametrize("shape", [(200, 80), (80, 200)])
def test_against_scipy(shape: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecomsql.models.truncated_svd.ROWS", 64)
    matrix = csr_matrix(random_sparse(*shape, density=0.1, random_state=1, dtype=np.float32))
    vectors, values = right_singular_vectors(matrix, 8, seed=3, iterations=30)
    _, expected, right = svds(matrix.astype(np.float64), 8, v0=np.ones(min(shape)))
    np.testing.assert_allclose(values, expected[::-1], rtol=1e-4)
    np.testing.assert_allclose(np.abs((right[::-1] @ vectors).diagonal()), 1, atol=1e-2)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(8), atol=1e-5)


def test_more_factors_than_the_rank() -> None:
    matrix = csr_matrix(np.outer(np.arange(1, 6), np.arange(1, 5)).astype(np.float32))
    vectors, values = right_singular_vectors(matrix, 10, seed=3)
    assert vectors.shape == (4, 4)
    np.testing.assert_allclose(values, [np.sqrt(55 * 30), 0, 0, 0], rtol=1e-4, atol=1e-2)
    np.testing.assert_allclose(vectors[:, 0], np.arange(1, 5) / np.sqrt(30), rtol=1e-4)
    assert np.isfinite(vectors).all()


def test_empty() -> None:
    vectors, values = right_singular_vectors(csr_matrix((3, 4), dtype=np.float32), 2, seed=1)
    assert np.isfinite(vectors).all()
    assert not values.any()
    assert right_singular_vectors(csr_matrix((0, 0), dtype=np.float32), 2, seed=1)[0].shape == (
        0,
        0,
    )


def test_same_seed_same_vectors() -> None:
    matrix = csr_matrix(random_sparse(50, 40, density=0.2, random_state=1, dtype=np.float32))
    one, other = (right_singular_vectors(matrix, 5, seed=7)[0] for _ in range(2))
    assert (one == other).all()
