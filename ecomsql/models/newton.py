"""Regressions with a ridge penalty, to the optimum by Newton's method."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

from ecomsql.models.target import probabilities
from ecomsql.progress import checkpoint

Matrix = NDArray[np.float64]

STEPS = 50
"""Newton steps at most; five to ten do."""
BLOCK = 1 << 15
"""Rows that are multiplied at once."""
NEAR = 1e-8
"""Size of a step, of the weights, that ends it."""


def penalised_squares(inputs: Matrix, target: Matrix, penalty: float) -> tuple[Matrix, Matrix]:
    """Return the weights, shape (n_inputs, 1), and the constant, shape (1,), of a ridge regression.

    Minimises ``sum (y - x w - b)^2 + penalty * |w|^2``.

    Parameters
    ----------
    inputs : float64 array, shape (n_rows, n_inputs)
        Each of mean 0.
    target : float64 array, shape (n_rows,)
    penalty : float
        Above 0.
    """
    mean = target.mean()
    gram = _products(inputs)
    gram[np.diag_indices_from(gram)] += penalty
    weights = cho_solve(cho_factor(gram), inputs.T @ (target - mean))
    return weights[:, None], np.array([mean])


def penalised_logistic(
    inputs: Matrix, classes: NDArray[np.int64], n_classes: int, penalty: float
) -> tuple[Matrix, Matrix]:
    """Return the weights, (n_inputs, outputs), and the constants of a logistic regression.

    Minimises ``-sum log p(class) + penalty / 2 * |w|^2``; one output for two classes, and one a
    class for more.
    """
    if n_classes == 2:
        return _binary(inputs, classes.astype(np.float64), penalty)
    return _multinomial(inputs, classes, n_classes, penalty)


def _binary(inputs: Matrix, positive: Matrix, penalty: float) -> tuple[Matrix, Matrix]:
    """Newton's method with halved steps where one goes too far (iteratively reweighted squares)."""
    wide = np.concatenate([inputs, np.ones((len(inputs), 1))], axis=1)
    ridge = np.full(wide.shape[1], penalty)
    ridge[-1] = 0.0
    weights = np.zeros(wide.shape[1])
    # Half a row of each class more: of one class alone the odds would be infinite.
    weights[-1] = np.log((positive.sum() + 0.5) / (len(positive) - positive.sum() + 0.5))
    best = _binary_loss(wide @ weights, positive, ridge, weights)
    for _ in range(STEPS):
        chance = probabilities((wide @ weights)[:, None])[:, 1]
        slope = wide.T @ (chance - positive) + ridge * weights
        curve = _products(wide, chance * (1.0 - chance))
        curve[np.diag_indices_from(curve)] += ridge + 1e-9
        step = cho_solve(cho_factor(curve), slope)
        size = 1.0
        while size > 1e-6:
            tried = weights - size * step
            missed = _binary_loss(wide @ tried, positive, ridge, tried)
            if missed <= best:
                break
            size /= 2.0
        else:
            break
        weights, best = tried, missed
        if np.abs(size * step).max() <= NEAR * max(np.abs(weights).max(), 1.0):
            break
    return weights[:-1, None], weights[-1:]


def _products(wide: Matrix, shares: Matrix | None = None) -> Matrix:
    """Return ``wide' diag(shares) wide``, shape (n_inputs, n_inputs), a block of rows at a time.

    Of all rows at once, it would take as much memory again, and could not be stopped.
    """
    found = np.zeros((wide.shape[1], wide.shape[1]))
    for start in range(0, len(wide), BLOCK):
        checkpoint()
        block = wide[start : start + BLOCK]
        weighed = block if shares is None else block * shares[start : start + BLOCK, None]
        found += weighed.T @ block
    return found


def _binary_loss(odds: Matrix, positive: Matrix, ridge: Matrix, weights: Matrix) -> float:
    return float(np.logaddexp(0.0, odds).sum() - positive @ odds + 0.5 * ridge @ weights**2)


def _multinomial(
    inputs: Matrix, classes: NDArray[np.int64], n_classes: int, penalty: float
) -> tuple[Matrix, Matrix]:
    """By L-BFGS: a Newton step over all classes at once would cube them."""
    shape = (inputs.shape[1] + 1, n_classes)
    wide = np.concatenate([inputs, np.ones((len(inputs), 1))], axis=1)
    ridge = np.full((shape[0], 1), penalty)
    ridge[-1] = 1e-6
    there = np.zeros((len(inputs), n_classes))
    there[np.arange(len(inputs)), classes] = 1.0

    def missed(flat: Matrix) -> tuple[float, Matrix]:
        checkpoint()
        weights = flat.reshape(shape)
        odds = wide @ weights
        top = odds.max(axis=1, keepdims=True)
        total = top[:, 0] + np.log(np.exp(odds - top).sum(axis=1))
        value = float((total - odds[there > 0]).sum() + 0.5 * (ridge * weights**2).sum())
        return value, (wide.T @ (probabilities(odds) - there) + ridge * weights).ravel()

    start = np.zeros(shape)
    start[-1] = np.log(np.maximum(there.mean(axis=0), 1e-9))
    options = {"maxiter": 500, "ftol": 1e-12, "gtol": 1e-6}
    found = minimize(missed, start.ravel(), jac=True, method="L-BFGS-B", options=options)
    weights = found.x.reshape(shape)
    return weights[:-1], weights[-1]
