"""Similarities of ratings against a plain loop over what both have rated."""

from __future__ import annotations

import numpy as np
import pytest
from knn_data import sparse_counts
from scipy.sparse import csr_matrix

from ecomsql.errors import OptionError
from ecomsql.models.corated import (
    ENOUGH,
    RATING_FORMULAS,
    RatingSimilarity,
    check_rating_similarity,
)


def plain(name: str, x: np.ndarray, y: np.ndarray) -> float:
    """Return one similarity of two columns of ratings, 0 for none."""
    both = (x != 0) & (y != 0)
    a, b = x[both], y[both]
    value = 0.0
    if name == "cosine":
        value = a @ b / np.sqrt((a @ a) * (b @ b))
    if name == "pearson" and a.std() > 0 and b.std() > 0:
        value = np.corrcoef(a, b)[0, 1]
    if name == "euclidean":
        value = 1 / (1 + np.linalg.norm(a - b))
    if name == "jaccard":
        value = both.sum() / ((x != 0) | (y != 0)).sum()
    return value * min(both.sum(), ENOUGH) / ENOUGH


@pytest.mark.parametrize("name", sorted(RATING_FORMULAS))
@pytest.mark.parametrize("centred", [False, True])
def test_formula(name: str, centred: bool) -> None:
    ratings = sparse_counts(3, n_users=12, n_items=40)
    if centred:
        # Sums of centred ratings are often exactly 0: these pairs must not be lost.
        ratings = np.where(ratings > 0, ratings - 2.5, 0)
    rows = csr_matrix(ratings)
    found = RatingSimilarity(name, rows, csr_matrix(rows.T)).block(0, 12)
    for i, j in zip(*found.nonzero(), strict=True):
        assert found[i, j] == pytest.approx(plain(name, ratings[i], ratings[j]), abs=1e-6)
    pairs = (ratings != 0).astype(int) @ (ratings != 0).T.astype(int)
    assert found.nnz == (pairs > 0).sum()


def test_bm25_is_not_for_ratings() -> None:
    with pytest.raises(OptionError, match="one of auto, cosine"):
        check_rating_similarity("bm25", "cosine")
