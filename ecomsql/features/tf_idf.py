"""Weights of terms: how often in the text, how seldom elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]


def inverse_frequencies(counts: csr_matrix) -> Floats:
    """Return ``1 + log((1 + n) / (1 + df))`` of each term, shape (terms,).

    Parameters
    ----------
    counts : csr_matrix, shape (n texts, terms)
        `df`: the texts that a term is in.
    """
    within = counts.getnnz(axis=0)
    found: Floats = (1 + np.log((1 + counts.shape[0]) / (1 + within))).astype(np.float32)
    return found


def weighted(counts: csr_matrix, weights: Floats) -> csr_matrix:
    """Return ``(1 + log(count)) * weight``, sublinear term frequency times the term's weight."""
    data = (1 + np.log(counts.data)) * weights[counts.indices]
    return csr_matrix((data.astype(np.float32), counts.indices, counts.indptr), shape=counts.shape)


def with_unit_rows(matrix: csr_matrix) -> csr_matrix:
    """Return rows of length 1, and empty ones as they are."""
    squares = np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()
    lengths = np.sqrt(np.where(squares > 0, squares, 1))
    data = matrix.data / np.repeat(lengths, np.diff(matrix.indptr))
    return csr_matrix((data.astype(np.float32), matrix.indices, matrix.indptr), shape=matrix.shape)
