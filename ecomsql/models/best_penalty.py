"""Logistic regressions of several penalties, the best of which is kept."""

from __future__ import annotations

from scipy.sparse import csr_matrix

from ecomsql.models.sparse_logistic import fit_logistic, scores
from ecomsql.models.tabular_loss import loss
from ecomsql.models.target import Target
from ecomsql.models.text_classifier import Scores

PENALTIES = (1.0, 0.3, 0.1)
"""Tried where held-out rows say which is best."""


def fit_best(
    inputs: csr_matrix,
    target: Target,
    watch: tuple[csr_matrix, Target] | None,
    effort: float | None,
) -> tuple[Scores, float]:
    """Return weights and their penalty: `effort`, or what is best on the watched rows.

    Parameters
    ----------
    inputs : csr_matrix, shape (rows, columns)
    watch : (csr_matrix, Target), optional
        Inputs and classes of rows that were held out.
    effort : float, optional
        The penalty, if it is known.
    """
    if watch is None or effort is not None:
        penalty = PENALTIES[0] if effort is None else effort
        return fit_logistic(inputs, target, penalty), penalty
    best: tuple[float, Scores, float] | None = None
    weights = None
    for penalty in PENALTIES:
        # From the strongest to the weakest, each from where the last one ended.
        weights = fit_logistic(inputs, target, penalty, weights)
        missed = loss(scores(watch[0], weights), watch[1])
        if best is not None and missed > best[0]:
            break
        best = (missed, weights, penalty)
    if best is None:
        raise AssertionError
    return best[1:]
