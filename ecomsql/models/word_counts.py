"""Counts of words as they are checked before topics are looked for."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from ecomsql.errors import DataError


def checked_counts(counts: Any, *, words: int | None = None) -> csr_matrix:
    """Return counts as a tidy sparse matrix: float32, no zeros, columns in order.

    Parameters
    ----------
    counts : sparse matrix, shape (documents, words)
        How often each word is in each document; fractions are fine. The same matrix stays as it
        is.
    words : int, optional
        How many words there have to be.

    Raises
    ------
    DataError
        For counts below 0 or infinite ones, or another number of words.
    """
    tidy = csr_matrix(counts, dtype=np.float32, copy=True)
    if words is not None and tidy.shape[1] != words:
        raise DataError(f"the counts are of {tidy.shape[1]} words, the topics of {words}")
    if not np.isfinite(tidy.data).all() or (tidy.data < 0).any():
        raise DataError("counts of words are finite numbers of at least 0")
    tidy.sum_duplicates()
    tidy.eliminate_zeros()
    return tidy


def counts_to_learn(counts: Any) -> csr_matrix:
    """Return the documents that have words, checked by :func:`checked_counts`.

    Raises
    ------
    DataError
        Also if no document has a word.
    """
    tidy = checked_counts(counts)
    there = np.diff(tidy.indptr) > 0
    if not there.any():
        raise DataError("no document has a word to learn topics from")
    return tidy[there]
