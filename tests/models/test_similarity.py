"""Similarities against scikit-learn, scipy and the textbook, on small dense matrices."""

from __future__ import annotations

import numpy as np
import pytest
from knn_data import sparse_counts
from scipy.sparse import csr_matrix
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import cosine_similarity

from ecomsql.errors import OptionError
from ecomsql.models.similarity import (
    K1,
    SIMILARITIES,
    Similarity,
    check_similarity,
)

B = 0.6


def bm25(rows: np.ndarray) -> np.ndarray:
    n = len(rows)
    frequency = (rows > 0).sum(axis=0)
    rarity = np.log(1 + (n - frequency + 0.5) / (frequency + 0.5))
    length = rows.sum(axis=1, keepdims=True) / rows.sum(axis=1).mean()
    weights = rows * (K1 + 1) / (rows + K1 * (1 - B + B * length)) * rarity
    return weights @ weights.T


REFERENCE = {
    "bm25": bm25,
    "cosine": cosine_similarity,
    "pearson": np.corrcoef,
    "euclidean": lambda rows: 1 / (1 + cdist(rows, rows)),
    "jaccard": lambda rows: 1 - cdist(rows > 0, rows > 0, "jaccard"),
}


def both(name: str, rows: np.ndarray) -> tuple[csr_matrix, Similarity, np.ndarray]:
    sparse = csr_matrix(rows.astype(np.float32))
    fitted = Similarity.fit(name, sparse, length_penalty=B)
    vectors = fitted.vectors(sparse)
    found = fitted.block(vectors, vectors, csr_matrix(vectors.rows.T))
    return found, fitted, fitted.of_itself(vectors)


@pytest.mark.parametrize("name", SIMILARITIES)
def test_formula(name: str) -> None:
    rows = sparse_counts(7, n_users=30)
    expected = REFERENCE[name](rows)
    found, _, itself = both(name, rows)
    share = (rows > 0).astype(int) @ (rows > 0).T.astype(int) > 0
    assert share.any()
    assert not share.all()
    np.testing.assert_allclose(found.toarray()[share], expected[share], rtol=2e-4, atol=1e-5)
    np.testing.assert_allclose(itself, np.diag(expected), rtol=2e-4, atol=1e-5)


@pytest.mark.parametrize("name", SIMILARITIES)
def test_only_rows_that_share_something_are_compared(name: str) -> None:
    found, _, _ = both(name, np.array([[1.0, 2, 0, 0], [0, 0, 1, 1], [1, 0, 0, 0]]))
    there = found.toarray() != 0
    assert not there[0, 1]
    assert not there[1, 2]


def test_pearson_of_a_constant_row_is_zero() -> None:
    found, _, _ = both("pearson", np.array([[1.0, 1, 1], [1, 0, 2]]))
    assert found.toarray()[0, 1] == 0


def test_bm25_tells_apart_where_all_users_have_nearly_everything() -> None:
    found, _, _ = both("bm25", np.array([[1.0, 1], [1, 1]]))
    assert (found.toarray() > 0).all()


def test_unknown_name_lists_the_allowed_ones() -> None:
    with pytest.raises(OptionError, match=r"bm25, cosine.*not 'cosin'; did you mean 'cosine'"):
        check_similarity("cosin", "bm25")
    assert check_similarity("auto", "bm25") == "bm25"
