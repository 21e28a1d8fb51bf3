"""A fitted predictor with what goes with it: features, classes, calibration, figures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np

from ecomsql.errors import ModelError
from ecomsql.features.table import Matrix, Rows, Schema, Table
from ecomsql.models import tabular
from ecomsql.models.blend import Blend
from ecomsql.models.predictor import Predictor
from ecomsql.models.target import probabilities
from ecomsql.storage import StoredModel

CLASSIFY, REGRESS = "classification", "regression"


@dataclass(frozen=True, eq=False)
class TableModel:
    """Predicts a column of a table from others.

    Attributes
    ----------
    schema : Schema
        The features.
    members : tuple of Predictor
        One, or several that are blended.
    blend : Blend
        How.
    classes : tuple of str
        What is told apart, as text; the last of two is the positive one. Empty for numbers.
    importance : dict
        Kind ('permutation', 'gain') to a float64 array, shape (n_features,).
    metrics : dict
        Figures of training and validation, JSON values.
    threshold : float
        Of two classes, the probability from which on the positive one is predicted.
    """

    TASKS: ClassVar[tuple[str, ...]] = (CLASSIFY, REGRESS)
    """What its models may be for."""

    schema: Schema
    members: tuple[Predictor, ...]
    blend: Blend
    classes: tuple[str, ...]
    importance: dict[str, Matrix]
    metrics: dict[str, Any]
    threshold: float = 0.5

    @property
    def task(self) -> str:
        """Return 'classification' or 'regression'."""
        return CLASSIFY if self.classes else REGRESS

    @property
    def method(self) -> str:
        """Return the method, or those that are blended: 'lightgbm+mlp'."""
        return "+".join(one.method for one in self.members)

    def table(self, rows: Rows) -> Table:
        """Return the rows as numbers; raise ColumnError where a feature is missing."""
        return self.schema.table(rows, self.schema.places(rows.names))

    def raw(self, table: Table) -> Matrix:
        """Return numbers, or calibrated log-odds of classes, shape (n_rows, outputs)."""
        return self.blend([one.raw(table) for one in self.members])

    def predict(self, table: Table) -> tuple[Matrix, Matrix | None]:
        """Return what is predicted, shape (n_rows,), and of classes how probable that is.

        Of classes: their codes, and the probability of the positive one of two, or of the
        predicted one of three or more.
        """
        raw = self.raw(table)
        if not self.classes:
            return raw[:, 0], None
        chances = probabilities(raw)
        if len(self.classes) == 2:
            return (chances[:, 1] >= self.threshold).astype(np.float64), chances[:, 1]
        return chances.argmax(axis=1).astype(np.float64), chances.max(axis=1)

    def contributions(self, table: Table) -> Matrix:
        """Return what each feature adds to the answer, shape (n_rows, n_features + 1).

        In the units of the target, or in log-odds: of the positive of two classes, or of the
        predicted one of three or more (before they are set in proportion). The last column is the
        answer when nothing is known; all add up to :meth:`raw`.
        """
        owners = np.append(self.schema.owners, len(self.schema.features))
        # Of each member in turn: the parts of many rows take much memory.
        total = np.zeros((len(table), len(self.blend.shift), len(self.schema.features) + 1))
        for weight, member in zip(self.blend.weights, self.members, strict=True):
            parts = member.contributions(table)
            for column, owner in enumerate(owners):
                total[:, :, owner] += weight * parts[:, :, column]
        total[:, :, -1] += self.blend.shift
        if total.shape[1] == 1:
            return total[:, 0]
        best = total.sum(axis=2).argmax(axis=1)
        found: Matrix = total[np.arange(len(total)), best]
        return found

    @property
    def importances(self) -> dict[str, dict[str, float]]:
        """Return for each kind of importance that of each feature."""
        return {
            kind: dict(zip(self.schema.names, found.tolist(), strict=True))
            for kind, found in self.importance.items()
        }

    @cached_property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes, about."""
        arrays = [array for one in self.members for array in one.state()[0].values()]
        return 4 * sum(array.nbytes for array in arrays) + 100_000

    def stored(self) -> StoredModel:
        """Return what a blob holds."""
        arrays: dict[str, np.ndarray] = {
            "blend.weights": self.blend.weights,
            "blend.shift": self.blend.shift,
        }
        arrays |= {f"importance.{kind}": found for kind, found in self.importance.items()}
        members = []
        for at, one in enumerate(self.members):
            own, values = one.state()
            arrays |= {f"{at}.{name}": array for name, array in own.items()}
            members.append({"method": one.method, "values": values})
        values = {
            "features": self.schema.stored(),
            "classes": list(self.classes),
            "members": members,
            "metrics": self.metrics,
            "threshold": self.threshold,
        }
        return StoredModel(self.task, self.method, arrays, values)

    @classmethod
    def restored(cls, stored: StoredModel) -> Self:
        """Restore from :meth:`stored`; raise ModelError if anything does not fit."""
        try:
            schema = Schema.restored(stored.values["features"])
            classes = tuple(str(name) for name in stored.values["classes"])
            members = tuple(
                _member(at, one, stored) for at, one in enumerate(stored.values["members"])
            )
            blend = Blend(stored.arrays["blend.weights"], stored.arrays["blend.shift"])
            metrics = dict(stored.values["metrics"])
            threshold = float(stored.values.get("threshold", 0.5))
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"the model lacks {error}") from error
        importance = {
            name.removeprefix("importance."): array
            for name, array in stored.arrays.items()
            if name.startswith("importance.")
        }
        outputs = len(classes) if len(classes) > 2 else 1
        sound = (
            len(members) > 0
            and blend.weights.shape == (len(members),)
            and blend.shift.shape == (outputs,)
            and bool(np.isfinite(blend.weights).all() and np.isfinite(blend.shift).all())
            and all(one.shape == (len(schema.features),) for one in importance.values())
            and (stored.task == CLASSIFY) == (len(classes) >= 2)
            and 0.0 <= threshold <= 1.0
        )
        if not sound:
            raise ModelError("the parts of the model do not fit together")
        return cls(schema, members, blend, classes, importance, metrics, threshold)


def _member(at: int, one: dict[str, Any], stored: StoredModel) -> Predictor:
    if one["method"] not in tabular.methods():
        raise ModelError(f"the model's method '{one['method']}' is unknown to this version")
    prefix = f"{at}."
    own = {
        name.removeprefix(prefix): array
        for name, array in stored.arrays.items()
        if name.startswith(prefix)
    }
    return tabular.method(one["method"]).from_state(own, one["values"])
