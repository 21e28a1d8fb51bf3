"""Logistic regression on terms that each have a weight of their own."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ecomsql.models.best_penalty import fit_best
from ecomsql.models.sparse_logistic import scores
from ecomsql.models.stored_weights import checked
from ecomsql.models.target import Target
from ecomsql.models.text_classifier import Scores, TextClassifier

PerTerm = NDArray[np.float32]


class WeightedLogistic(TextClassifier):
    """Weighs terms first, and then solves for what they say of each class.

    Attributes
    ----------
    per_term : float32 array, shape (terms,)
        The weight of each.
    weights : float64 array, shape (terms + 1, outputs)
        Those of the regression, and its base.
    """

    per_term_name: ClassVar[str]
    """What the weights of terms are called where they are stored."""

    def __init__(self, per_term: PerTerm, weights: Scores, effort: float) -> None:
        self.per_term = per_term
        self.weights = weights
        self.effort = effort

    @staticmethod
    @abstractmethod
    def weighed(counts: csr_matrix, target: Target) -> PerTerm:
        """Return the weight of each term."""

    @staticmethod
    @abstractmethod
    def inputs(counts: csr_matrix, per_term: PerTerm) -> csr_matrix:
        """Return what the regression is told of texts, in rows of length 1."""

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
        per_term = cls.weighed(counts, target)
        seen = None if watch is None else (cls.inputs(watch[0], per_term), watch[1])
        weights, penalty = fit_best(cls.inputs(counts, per_term), target, seen, effort)
        return cls(per_term, weights, penalty)

    def raw(self, counts: csr_matrix) -> Scores:
        """Return the weighted sums."""
        return scores(self.inputs(counts, self.per_term), self.weights)

    @property
    def shape(self) -> tuple[int, int]:
        """How many terms it knows, and how many outputs it has."""
        return len(self.per_term), self.weights.shape[1]

    def state(self) -> dict[str, np.ndarray]:
        """Return both kinds of weights."""
        return {self.per_term_name: self.per_term, "weights": self.weights}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray]) -> Self:
        """Restore from :meth:`state`."""
        per_term, weights = checked(arrays, cls.per_term_name, "weights")
        return cls(per_term, weights, 0.0)
