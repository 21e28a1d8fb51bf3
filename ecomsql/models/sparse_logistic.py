"""Logistic regression on sparse inputs."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from ecomsql.models.target import Target, probabilities
from ecomsql.models.text_classifier import Scores
from ecomsql.progress import checkpoint

STEPS = 200
"""Of the search, at most."""
TOLERANCE = 5e-5
"""Largest slope, in rows, at which the search ends."""
GAIN = 1e-5
"""Share by which a step has to make the loss less."""


def fit_logistic(
    inputs: csr_matrix, target: Target, penalty: float, start: Scores | None = None
) -> Scores:
    """Minimise the log loss plus ``penalty / 2`` times the squared weights.

    By L-BFGS (Liu, Nocedal: On the limited memory BFGS method for large scale optimization, 1989);
    multinomial for three classes or more. The base of each output has no penalty.

    Parameters
    ----------
    inputs : csr_matrix of float32, shape (rows, columns)
    target : Target
    penalty : float
        Of scikit-learn's ``C`` it is the reciprocal.
    start : float64 array, shape (columns + 1, outputs), optional
        Where the search starts: weights of another penalty.

    Returns
    -------
    float64 array, shape (columns + 1, outputs)
        Weights, and the base in the last row.
    """
    shape = (inputs.shape[1] + 1, target.outputs)
    across = inputs.T.tocsr()
    truth = np.zeros((len(target), target.classes))
    truth[np.arange(len(target)), target.codes] = 1.0

    def missed(flat: Scores) -> tuple[float, Scores]:
        checkpoint()
        weights = flat.reshape(shape)
        chances = probabilities(scores(inputs, weights))
        loss = -float(np.log(np.maximum(chances[truth > 0], 1e-300)).sum())
        rest = (chances - truth)[:, -target.outputs :]
        slope = np.concatenate([across @ rest, rest.sum(axis=0, keepdims=True)])
        slope[:-1] += penalty * weights[:-1]
        return loss + penalty * float(np.square(weights[:-1]).sum()) / 2, slope.ravel()

    begin = np.zeros(shape) if start is None else start
    options = {"maxiter": STEPS, "gtol": TOLERANCE * len(target), "ftol": GAIN}
    found = minimize(missed, begin.ravel(), jac=True, method="L-BFGS-B", options=options)
    weights: Scores = found.x.reshape(shape)
    return weights


def scores(inputs: csr_matrix, weights: Scores) -> Scores:
    """Return the weighted sums, shape (rows, outputs)."""
    sums: Scores = inputs @ weights[:-1] + weights[-1]
    return sums
