"""Logistic regression on TF-IDF."""

from __future__ import annotations

from scipy.sparse import csr_matrix

from ecomsql.features.tf_idf import inverse_frequencies, weighted, with_unit_rows
from ecomsql.models.target import Target
from ecomsql.models.weighted_logistic import PerTerm, WeightedLogistic


class Model(WeightedLogistic):
    """A weight a term, on rows of sublinear TF-IDF of length 1."""

    method = "linear"
    per_term_name = "idf"

    @staticmethod
    def weighed(counts: csr_matrix, target: Target) -> PerTerm:
        """Return the inverse frequency of each term."""
        return inverse_frequencies(counts)

    @staticmethod
    def inputs(counts: csr_matrix, per_term: PerTerm) -> csr_matrix:
        """Return the TF-IDF of texts."""
        return with_unit_rows(weighted(counts, per_term))
