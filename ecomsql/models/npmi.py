"""How much the words of a topic belong together: coherence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ecomsql.models.series_batch import Matrix


def npmi(counts: csr_matrix, tops: NDArray[np.int64]) -> Matrix:
    """Return the coherence of each topic: the mean over pairs of words, -1 to 1.

    Normalised pointwise mutual information (Bouma: Normalized (pointwise) mutual information in
    collocation extraction, 2009) of words in documents, as Lau, Newman, Baldwin (Machine reading
    tea leaves, 2014) judge topics: 0 for words that meet as often as by chance, 1 for words that
    are only together, -1 for words that never meet.

    Parameters
    ----------
    counts : csr_matrix, shape (documents, words)
        Documents in which words meet, without entries that are 0 or there twice.
    tops : int64 array, shape (topics, n)
        The top words of each topic.

    Returns
    -------
    float64 array, shape (topics,)
        0 for a topic of fewer than two words.
    """
    there = csr_matrix((np.ones(counts.nnz), counts.indices, counts.indptr), shape=counts.shape)
    by_word = there.tocsc()
    return np.array([_coherence(by_word[:, words], counts.shape[0]) for words in tops])


def _coherence(there: csr_matrix, documents: int) -> float:
    together = (there.T @ there).toarray() / max(documents, 1)
    first, second = np.tril_indices(len(together), k=-1)
    if not len(first):
        return 0.0
    alone, pair = together.diagonal(), together[first, second]
    meet = (pair > 0) & (pair < 1)
    # Words that never meet: -1. Words that are in every document: 1.
    values = np.where(pair > 0, 1.0, -1.0)
    chance = (alone[first] * alone[second])[meet]
    values[meet] = np.log(pair[meet] / chance) / -np.log(pair[meet])
    return float(values.mean())
