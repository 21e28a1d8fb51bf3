"""Logistic regression on the ratios of naive Bayes."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ecomsql.features.tf_idf import with_unit_rows
from ecomsql.models.best_penalty import fit_best
from ecomsql.models.sparse_logistic import scores
from ecomsql.models.stored_weights import checked
from ecomsql.models.target import Target
from ecomsql.models.text_classifier import Scores, TextClassifier


class Model(TextClassifier):
    """Wang and Manning, "Baselines and bigrams", 2012, with a logistic loss.

    A term that is there counts as much as it tells the last class from the first; of three classes
    that are in order, negative to positive, the ratio is between the two ends.
    """

    method = "bayes"

    def __init__(self, ratios: NDArray[np.float32], weights: Scores, effort: float) -> None:
        self.ratios = ratios
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
        """Count, and solve for the weights; the seed changes nothing."""
        ratios = _ratios(counts, target)
        seen = None if watch is None else (_inputs(watch[0], ratios), watch[1])
        weights, penalty = fit_best(_inputs(counts, ratios), target, seen, effort)
        return cls(ratios, weights, penalty)

    def raw(self, counts: csr_matrix) -> Scores:
        """Return the weighted sums."""
        return scores(_inputs(counts, self.ratios), self.weights)

    @property
    def shape(self) -> tuple[int, int]:
        """How many terms it knows, and how many outputs it has."""
        return len(self.ratios), self.weights.shape[1]

    def state(self) -> dict[str, np.ndarray]:
        """Return ratios and weights."""
        return {"ratios": self.ratios, "weights": self.weights}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray]) -> Self:
        """Restore from :meth:`state`."""
        ratios, weights = checked(arrays, "ratios", "weights")
        return cls(ratios, weights, 0.0)


def _ratios(counts: csr_matrix, target: Target) -> NDArray[np.float32]:
    """Return the log of how much more often the last class holds each term than the first."""
    ends = [_shares(counts[np.flatnonzero(target.codes == one)]) for one in (0, target.classes - 1)]
    found: NDArray[np.float32] = np.log(ends[1] / ends[0]).astype(np.float32)
    return found


def _shares(counts: csr_matrix) -> NDArray[np.float64]:
    within = 1.0 + counts.getnnz(axis=0)
    found: NDArray[np.float64] = within / within.sum()
    return found


def _inputs(counts: csr_matrix, ratios: NDArray[np.float32]) -> csr_matrix:
    there = csr_matrix((ratios[counts.indices], counts.indices, counts.indptr), shape=counts.shape)
    return with_unit_rows(there)
