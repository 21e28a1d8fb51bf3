"""Logistic regression on TF-IDF."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ecomsql.features.tf_idf import inverse_frequencies, weighted, with_unit_rows
from ecomsql.models.best_penalty import fit_best
from ecomsql.models.sparse_logistic import scores
from ecomsql.models.stored_weights import checked
from ecomsql.models.target import Target
from ecomsql.models.text_classifier import Scores, TextClassifier


class Model(TextClassifier):
    """A weight a term, on rows of sublinear TF-IDF of length 1."""

    method = "linear"

    def __init__(self, idf: NDArray[np.float32], weights: Scores, effort: float) -> None:
        self.idf = idf
        self.weights = weights
        self.effort = effort

    @classmethod
    def fit(
        cls,
        counts: csr_matrix,
        target: Target,
        *,
        seed: int,
        watch: tuple[csr_matrix, Target] | None = None,
        effort: float | None = None,
    ) -> Self:
        """Solve for the weights; the seed changes nothing."""
        idf = inverse_frequencies(counts)
        seen = None if watch is None else (_inputs(watch[0], idf), watch[1])
        weights, penalty = fit_best(_inputs(counts, idf), target, seen, effort)
        return cls(idf, weights, penalty)

    def raw(self, counts: csr_matrix) -> Scores:
        """Return the weighted sums."""
        return scores(_inputs(counts, self.idf), self.weights)

    @property
    def shape(self) -> tuple[int, int]:
        """How many terms it knows, and how many outputs it has."""
        return len(self.idf), self.weights.shape[1]

    def state(self) -> dict[str, np.ndarray]:
        """Return the weights."""
        return {"idf": self.idf, "weights": self.weights}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray]) -> Self:
        """Restore from :meth:`state`."""
        idf, weights = checked(arrays, "idf", "weights")
        return cls(idf, weights, 0.0)


def _inputs(counts: csr_matrix, idf: NDArray[np.float32]) -> csr_matrix:
    return with_unit_rows(weighted(counts, idf))
