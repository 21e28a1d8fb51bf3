"""Topics of documents: non-negative factors of TF-IDF weights."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch
from scipy.sparse import csr_matrix

from ecomsql import options as check
from ecomsql.errors import ModelError
from ecomsql.features.interactions import Floats
from ecomsql.features.sparse_order import sparse_row_order
from ecomsql.features.tf_idf import inverse_frequencies
from ecomsql.features.tf_idf_rows import tf_idf_rows
from ecomsql.models.factors import factor_array
from ecomsql.models.topic_factors import factorised, fold_in
from ecomsql.models.word_counts import checked_counts, counts_to_learn

ITERATIONS = 100
"""Rounds of factorisation at most."""


class Nmf:
    """Each document's TF-IDF weights are a sum of topics, none of which is below 0.

    Non-negative matrix factorisation (Lee, Seung 1999) by hierarchical alternating least squares
    (Cichocki, Phan 2009) of rows of length 1. Weights are taken back from words when shares and
    probabilities are told, so that these are of words as they are counted.

    Attributes
    ----------
    factors : float32 array, shape (topics, words)
        TF-IDF weights of the topics, by falling share of all words.
    weights : float32 array, shape (words,)
        How rare each word is; see :func:`~ecomsql.features.tf_idf.inverse_frequencies`.
    shares : float32 array, shape (topics,)
        Share of each topic in all words.
    """

    method = "nmf"
    smoothing = 0.5

    def __init__(self, factors: Floats, weights: Floats, shares: Floats) -> None:
        self.factors = factors
        self.weights = weights
        self.shares = shares

    @classmethod
    def fit(
        cls, counts: csr_matrix, topics: int, *, seed: int, iterations: int = ITERATIONS
    ) -> Self:
        """Learn topics; documents without words, and the order of documents, do not matter.

        Parameters
        ----------
        counts : csr_matrix of float32, shape (documents, words)
            How often each word is in each document.
        topics : int
            How many; where it is more than the documents have to tell, some are alike or empty.
        seed : int
            For the singular vectors that factors start from.
        iterations : int
            Rounds at most; fewer where the error does not fall any more.

        Raises
        ------
        DataError
            For counts below 0 or infinite, or when no document has a word.
        OptionError
            For an option out of range.
        """
        topics = check.whole("topics", topics, at_least=1)
        iterations = check.whole("iterations", iterations, at_least=1)
        learned = counts_to_learn(counts)
        learned = learned[sparse_row_order(learned, seed=seed)]
        weights = inverse_frequencies(learned)
        matrix = tf_idf_rows(learned, weights)
        rows, columns, _ = factorised(matrix, topics, seed=seed, iterations=iterations)
        factors = columns.T.numpy()
        masses = rows.sum(0).numpy() * (factors / weights).sum(1)
        order = np.argsort(-masses, kind="stable")
        shares = masses[order] / max(float(masses.sum()), 1e-30)
        return cls(np.ascontiguousarray(factors[order]), weights, shares)

    @property
    def topics(self) -> int:
        """How many topics there are."""
        return len(self.factors)

    @property
    def words(self) -> Floats:
        """Probabilities of words, float32 (topics, words); rows sum to 1, of no topic to 0."""
        counted = self.factors / self.weights
        found: Floats = counted / np.maximum(counted.sum(1, keepdims=True), 1e-30)
        return found

    @property
    def usual(self) -> Floats:
        """Probabilities of words over all topics, float32 (words,)."""
        found: Floats = self.shares @ self.words
        return found

    @property
    def nbytes(self) -> int:
        """Memory in bytes."""
        return int(self.factors.nbytes + self.weights.nbytes + self.shares.nbytes)

    def documents(self, counts: csr_matrix) -> Floats:
        """Return each document's share of each topic.

        Parameters
        ----------
        counts : csr_matrix of float32, shape (documents, words)

        Returns
        -------
        float32 array, shape (documents, topics)
            Rows sum to 1; a document without a word of any topic has all topics alike.

        Raises
        ------
        DataError
            For counts below 0 or infinite, or of another number of words.
        """
        tidy = checked_counts(counts, words=self.factors.shape[1])
        columns = torch.from_numpy(self.factors).T.contiguous()
        mixtures = fold_in(tf_idf_rows(tidy, self.weights), columns).numpy()
        mixtures *= (self.factors / self.weights).sum(1)
        sums = mixtures.sum(1, keepdims=True)
        return np.where(sums > 0, mixtures / np.maximum(sums, 1e-30), 1 / self.topics).astype("f4")

    def word_shares(self, counts: csr_matrix) -> Floats:
        """Return the share of each document's words that is of each topic: :meth:`documents`."""
        return self.documents(counts)

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the arrays and values that :meth:`from_state` takes."""
        return {"factors": self.factors, "weights": self.weights, "shares": self.shares}, {}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], _values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`, with nothing taken on trust.

        Raises
        ------
        ModelError
            When an array is missing, damaged, or does not fit the others.
        """
        factors = factor_array(arrays, "factors", (None, None)).numpy()
        weights = factor_array(arrays, "weights", (factors.shape[1],)).numpy()
        shares = factor_array(arrays, "shares", (len(factors),)).numpy()
        if (factors < 0).any() or (shares < 0).any() or (weights <= 0).any():
            raise ModelError("the stored nmf model has factors or weights below 0")
        return cls(factors, weights, shares)
