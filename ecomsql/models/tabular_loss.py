"""The loss that predictors over tables are compared by."""

from __future__ import annotations

import numpy as np

from ecomsql.features.table import Matrix
from ecomsql.models.target import Target, probabilities


def losses(raw: Matrix, target: Target) -> Matrix:
    """Return the loss of each row: of classes the log loss, of numbers the squared error.

    Parameters
    ----------
    raw : float64 array, shape (n_rows, outputs)
        As a predictor gives it.
    """
    if target.classes == 0:
        return np.square(raw[:, 0] - target.values)
    chances = probabilities(raw)[np.arange(len(raw)), target.codes]
    missed: Matrix = -np.log(np.maximum(chances, 1e-15))
    return missed


def loss(raw: Matrix, target: Target) -> float:
    """Return the mean loss."""
    return float(losses(raw, target).mean())
