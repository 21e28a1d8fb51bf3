"""Gives the importance of a model's features."""

from __future__ import annotations

from typing import Protocol

import pyarrow as pa

from ecomsql import options
from ecomsql.errors import ModelError, OptionError, listed
from ecomsql.storage import from_blob
from ecomsql.udf import udf

from ._calls import named, stored_model
from ._explaining import MADE_BY, OF_TABLES, OF_VALUE, TASKS

KINDS = ("permutation", "gain")


@udf(
    "_importances",
    ("BLOB", "BIGINT", "VARCHAR"),
    "STRUCT(feature VARCHAR, importance DOUBLE)[]",
)
def importances(blobs: pa.Array, counts: pa.Array, kinds: pa.Array) -> pa.Array:
    """Return the features of each model with their importance."""
    with named("feature_importance"):
        found = [
            _importance(blob, count.as_py(), kind.as_py())
            for blob, count, kind in zip(blobs, counts, kinds, strict=True)
        ]
    fields = [("feature", pa.string()), ("importance", pa.float64())]
    return pa.array(found, pa.list_(pa.struct(fields)))


class Weighing(Protocol):
    """A model that knows what matters to it."""

    @property
    def method(self) -> str:
        """Its method."""

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""

    @property
    def importances(self) -> dict[str, dict[str, float]]:
        """For each kind of importance that of each feature."""


def _restored(content: bytes) -> Weighing:
    stored = from_blob(content, tasks=TASKS)
    if stored.task in OF_TABLES:
        from ecomsql.models.table_model import TableModel

        return TableModel.restored(stored)
    if stored.task in OF_VALUE:
        from ecomsql.models.lifetime_value import LifetimeValue

        return LifetimeValue.restored(stored)
    from ecomsql.models.behaviour_model import BASE, BehaviourModel

    if stored.method == BASE:
        raise OptionError(f"a model of the method '{BASE}' has no features to weigh")
    return BehaviourModel.restored(stored)


def _importance(blob: pa.Scalar, count: int, kind: object) -> list[dict[str, object]]:
    wanted = options.choice("kind", kind, KINDS)
    _, model = stored_model(
        "features", blob, count, given="the relation", made_by=MADE_BY, restore=_restored
    )
    found = model.importances
    if not found:
        raise ModelError(
            "the model does not know what matters to it: it learned from too little to hold any "
            "out, or an earlier version made it (then train it again)"
        )
    if wanted not in found:
        there = listed(f"'{one}'" for one in sorted(found))
        raise OptionError(f"a model of the method '{model.method}' has no '{wanted}', only {there}")
    pairs = found[wanted].items()
    return [{"feature": feature, "importance": value} for feature, value in pairs]
