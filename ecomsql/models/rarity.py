"""Words weighted by how rare they are: TF-IDF."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from ecomsql.features.interactions import Floats


def rarity(counts: csr_matrix) -> Floats:
    """Return a weight of each word, float32 (words,): the rarer, the greater, at least 1.

    The logarithm of documents over documents with the word, both plus 1, plus 1 (Spärck Jones: A
    statistical interpretation of term specificity, 1972; smoothed as scikit-learn does).

    Parameters
    ----------
    counts : csr_matrix, shape (documents, words)
        Without entries that are 0 or there twice.
    """
    having = np.bincount(counts.indices, minlength=counts.shape[1])
    weights: Floats = (np.log((1 + counts.shape[0]) / (1 + having)) + 1).astype(np.float32)
    return weights


def weighted(counts: csr_matrix, weights: Floats) -> csr_matrix:
    """Return documents of length 1: counts times `weights`, each row over its length."""
    values = counts.data.astype(np.float64) * weights[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    squares = np.bincount(rows, weights=np.square(values), minlength=counts.shape[0])
    scaled = (values / np.sqrt(squares)[rows]).astype(np.float32)
    return csr_matrix((scaled, counts.indices, counts.indptr), shape=counts.shape)
