"""Logistic regression on the ratios of naive Bayes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ecomsql.features.tf_idf import with_unit_rows
from ecomsql.models.target import Target
from ecomsql.models.weighted_logistic import PerTerm, WeightedLogistic


class Model(WeightedLogistic):
    """Wang and Manning, "Baselines and bigrams", 2012, with a logistic loss.

    A term that is there counts as much as it tells the last class from the first; of three classes
    that are in order, negative to positive, the ratio is between the two ends.
    """

    method = "bayes"
    per_term_name = "ratios"

    @staticmethod
    def weighed(counts: csr_matrix, target: Target) -> PerTerm:
        """Return the log of how much more often the last class holds each term than the first."""
        first, last = (
            _shares(counts[np.flatnonzero(target.codes == one)]) for one in (0, target.classes - 1)
        )
        found: PerTerm = np.log(last / first).astype(np.float32)
        return found

    @staticmethod
    def inputs(counts: csr_matrix, per_term: PerTerm) -> csr_matrix:
        """Return the ratio of each term that is there, however often it is."""
        parts = (per_term[counts.indices], counts.indices, counts.indptr)
        return with_unit_rows(csr_matrix(parts, shape=counts.shape))


def _shares(counts: csr_matrix) -> NDArray[np.float64]:
    within = 1.0 + counts.getnnz(axis=0)
    found: NDArray[np.float64] = within / within.sum()
    return found
