"""How well topics foretell the words of documents that they have not seen."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from scipy.sparse import csr_matrix

from ecomsql.errors import DataError
from ecomsql.features.interactions import Floats
from ecomsql.features.sparse_order import sparse_row_order
from ecomsql.models.sparse_rows import SparseRows
from ecomsql.models.topic_mixtures import TINY, blocks
from ecomsql.models.word_counts import checked_counts
from ecomsql.progress import checkpoint


class TopicModel(Protocol):
    """What every topic model has."""

    smoothing: float

    @property
    def words(self) -> Floats:
        """Probabilities of words in topics, (topics, words)."""

    @property
    def usual(self) -> Floats:
        """Probabilities of words over all topics, (words,)."""

    def documents(self, counts: csr_matrix) -> Floats:
        """Return documents' shares of topics, (documents, topics)."""


def predictive_perplexity(model: TopicModel, counts: csr_matrix, *, seed: int) -> float:
    """Return the perplexity of one half of each document's words given the other half.

    Document completion (Wallach, Murray, Salakhutdinov, Mimno: Evaluation methods for topic
    models, 2009): how many words the model is undecided between, on average; smaller is better.

    Parameters
    ----------
    model : TopicModel
        A model's `smoothing` is the share of the usual probabilities in its predictions.
    counts : csr_matrix of float32, shape (documents, words)
        Held-out documents; fractions are rounded.
    seed : int
        For the halves, which do not depend on the order of the documents.

    Raises
    ------
    DataError
        If no word is left to be foretold.
    """
    given, asked = halves(counts, seed=seed)
    total = asked.data.sum(dtype=np.float64)
    if total == 0:
        raise DataError("there are too few held-out words to tell how well topics foretell them")
    shares, words = model.documents(given), torch.from_numpy(model.words).T.contiguous()
    logs = 0.0
    for part in blocks(asked):
        checkpoint()
        piece = asked[part]
        told = SparseRows(piece).products(torch.from_numpy(shares[part]), words).numpy()
        mixed = (1 - model.smoothing) * told + model.smoothing * model.usual[piece.indices]
        logs += float(piece.data @ np.log(np.maximum(mixed, TINY).astype(np.float64)))
    return float(np.exp(-logs / total))


def can_foretell(counts: csr_matrix, *, seed: int) -> bool:
    """Return whether :func:`predictive_perplexity` has a word to ask for."""
    return bool(halves(counts, seed=seed)[1].nnz)


def halves(counts: csr_matrix, *, seed: int) -> tuple[csr_matrix, csr_matrix]:
    """Return two matrices of the same shape; a fair coin sends each word into one of them."""
    tidy = checked_counts(counts)
    tidy = tidy[sparse_row_order(tidy, seed=seed)]
    whole = np.rint(tidy.data).astype(np.int64)
    heads = np.random.default_rng(seed).binomial(whole, 0.5)
    pair = (heads, whole - heads)
    first, second = (_with(tidy, values.astype(np.float32)) for values in pair)
    return first, second


def _with(counts: csr_matrix, values: Floats) -> csr_matrix:
    found = csr_matrix((values, counts.indices.copy(), counts.indptr.copy()), shape=counts.shape)
    found.eliminate_zeros()
    return found
