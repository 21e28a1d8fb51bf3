"""Several predictors as one: weights of their scores, and a correction that calibrates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from ecomsql.features.table import Matrix
from ecomsql.models.target import Target, probabilities

LEAST = 0.05
"""Share of the weights below which a predictor is left out."""
PULL = 1.0
"""How strongly the correction is pulled to none, in rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Blend:
    """``sum weights[m] * raw[m] + shift``.

    Of one predictor of classes this is Platt's scaling (Platt: Probabilistic outputs for support
    vector machines, 1999), of several it is stacking by a logistic regression with weights that
    are not negative (Wolpert: Stacked generalization, 1992; Breiman: Stacked regressions, 1996).

    Attributes
    ----------
    weights : float64 array, shape (n_predictors,)
    shift : float64 array, shape (outputs,)
    """

    weights: Matrix
    shift: Matrix

    @classmethod
    def fit(cls, raws: Sequence[Matrix], target: Target) -> Blend:
        """Learn the weights from predictions for rows that the predictors have not seen.

        Parameters
        ----------
        raws : sequence of float64 arrays, shape (n_rows, outputs)
            What each predictor says.
        target : Target
            What was right.
        """
        stacked = np.stack(raws)
        if target.classes == 0 and len(raws) == 1:
            return cls(np.ones(1), np.zeros(1))
        kept = np.arange(len(raws))
        while True:
            weights, shift = _solved(stacked[kept], target)
            strong = weights >= LEAST * weights.sum()
            if strong.all() or not strong.any():
                break
            kept = kept[strong]
        full = np.zeros(len(raws))
        full[kept] = weights
        return cls(full, shift)

    def __call__(self, raws: Sequence[Matrix]) -> Matrix:
        """Return the weighted sum, shape (n_rows, outputs)."""
        total = np.zeros_like(raws[0]) + self.shift
        for weight, raw in zip(self.weights, raws, strict=True):
            total += weight * raw
        return total


def _solved(stacked: Matrix, target: Target) -> tuple[Matrix, Matrix]:
    """Minimise the loss over weights of at least 0 and any shift."""
    count, _, outputs = stacked.shape
    # Numbers keep the mean that the predictors have learned.
    scale = float(target.values.var()) or 1.0
    start = np.concatenate([np.full(count, 1.0 / count), np.zeros(outputs)])

    def missed(values: Matrix) -> tuple[float, Matrix]:
        weights, shift = values[:count], values[count:]
        raw = np.tensordot(weights, stacked, axes=1) + shift
        if target.classes == 0:
            rest = raw[:, 0] - target.values
            loss, slope = float(rest @ rest) / (2 * scale), (rest / scale)[:, None]
        else:
            loss, slope = _log_loss(raw, target)
        far = values - start
        grown = np.concatenate([np.einsum("mno,no->m", stacked, slope), slope.sum(axis=0)])
        return loss + PULL * float(far @ far) / 2, grown + PULL * far

    bounds = [(0.0, None)] * count + [(None, None)] * outputs
    found = minimize(missed, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return found.x[:count], found.x[count:]


def _log_loss(raw: Matrix, target: Target) -> tuple[float, Matrix]:
    """Return the summed log loss and its slope by the scores."""
    chances = probabilities(raw)
    rows = np.arange(len(raw))
    loss = -float(np.log(np.maximum(chances[rows, target.codes], 1e-15)).sum())
    slope = chances.copy()
    slope[rows, target.codes] -= 1.0
    return loss, slope[:, 1:] if raw.shape[1] == 1 else slope
