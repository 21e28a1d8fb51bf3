"""Logistic and ridge regression."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from ecomsql import options as check
from ecomsql.errors import ModelError
from ecomsql.features.table import Matrix, Table
from ecomsql.models.dense_inputs import DenseInputs
from ecomsql.models.newton import penalised_logistic, penalised_squares
from ecomsql.models.predictor import Predictor
from ecomsql.models.tabular_loss import loss
from ecomsql.models.target import Target
from ecomsql.progress import checkpoint

PENALTIES = (0.1, 1.0, 10.0, 100.0, 1000.0)
"""Tried where held-out rows say which is best."""


class Model(Predictor):
    """A weighted sum of the inputs, with a penalty on the squared weights.

    Classes: logistic regression, multinomial for three or more (Hastie, Tibshirani, Friedman:
    The elements of statistical learning, 2009, section 4.4). Numbers: ridge regression (Hoerl and
    Kennard, 1970). Numbers enter as normal scores, categories with one weight each; see
    :class:`~ecomsql.models.dense_inputs.DenseInputs`.
    """

    method = "linear"

    def __init__(
        self, inputs: DenseInputs, weights: Matrix, base: Matrix, means: Matrix, effort: float
    ) -> None:
        self.inputs = inputs
        self.weights = weights
        self.base = base
        self.means = means
        self.effort = effort

    @classmethod
    def fit(
        cls,
        table: Table,
        target: Target,
        *,
        seed: int,
        watch: tuple[Table, Target] | None = None,
        effort: float | None = None,
        penalty: float | None = None,
    ) -> Self:
        """Solve for the weights; the seed changes nothing.

        Parameters
        ----------
        penalty : float, optional
            Weight of the squared weights; by default the best of .1 to 1000 on the watched rows.
        """
        inputs = DenseInputs.fit(table)
        wide = _wide(inputs, table)
        means = wide.mean(axis=0)
        given = penalty if penalty is not None else effort
        tried = PENALTIES if watch and given is None else (1.0 if given is None else given,)
        best: tuple[float, Self] | None = None
        for one in tried:
            checkpoint()
            strength = check.number("penalty", one, low=0)
            weights, base = _solved(wide - means, target, max(strength, 1e-9))
            model = cls(inputs, weights, base, means, strength)
            missed = loss(model.raw(watch[0]), watch[1]) if watch else 0.0
            if best is None or missed < best[0]:
                best = (missed, model)
        if best is None:
            raise AssertionError
        return best[1]

    def raw(self, table: Table) -> Matrix:
        """Return the weighted sums."""
        sums: Matrix = (_wide(self.inputs, table) - self.means) @ self.weights + self.base
        return sums

    def contributions(self, table: Table) -> Matrix:
        """Return each input's weight times how far it is from its mean, added up by column."""
        wide = _wide(self.inputs, table) - self.means
        found = np.zeros((len(table), self.weights.shape[1], len(table.sizes) + 1))
        owners = _owners(self.inputs)
        for output in range(self.weights.shape[1]):
            parts = wide * self.weights[:, output]
            for place, owner in enumerate(owners):
                found[:, output, owner] += parts[:, place]
        found[:, :, -1] = self.base
        return found

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the weights, and how columns become inputs."""
        own = {"weights": self.weights, "base": self.base, "means": self.means}
        return own | self.inputs.state(), {"effort": self.effort}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`."""
        inputs = DenseInputs.from_state(arrays)
        try:
            weights, base, means = arrays["weights"], arrays["base"], arrays["means"]
            effort = float(values["effort"])
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"the linear model lacks {error}") from error
        width = len(_owners(inputs))
        sound = weights.ndim == 2 and weights.shape[0] == width and means.shape == (width,)
        if not sound or base.shape != weights.shape[1:] or not np.isfinite(weights).all():
            raise ModelError("the arrays of the linear model do not fit together")
        return cls(inputs, weights, base, means, effort)


def _solved(wide: Matrix, target: Target, penalty: float) -> tuple[Matrix, Matrix]:
    if target.classes == 0:
        return penalised_squares(wide, target.values, penalty)
    return penalised_logistic(wide, target.codes, target.classes, penalty)


def _wide(inputs: DenseInputs, table: Table) -> Matrix:
    """Return the dense inputs, then one column a category, missing ones too."""
    parts = [inputs.dense(table)]
    codes = inputs.codes(table)
    for place, at in enumerate(inputs.categories):
        checkpoint()
        block = np.zeros((len(table), inputs.sizes[at] + 1))
        block[np.arange(len(table)), codes[:, place]] = 1.0
        parts.append(block)
    return np.concatenate(parts, axis=1)


def _owners(inputs: DenseInputs) -> list[int]:
    """For each input of :func:`_wide`, the column of the table that it is of."""
    many = [at for at in inputs.categories for _ in range(inputs.sizes[at] + 1)]
    return [*inputs.owners.tolist(), *many]
