"""Gives the importance of a model's features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from ecomsql import options
from ecomsql.errors import ModelError, OptionError, listed
from ecomsql.storage import from_blob
from ecomsql.udf import udf

from ._calls import named, stored_model
from ._open_predictor import MADE_BY

if TYPE_CHECKING:
    from ecomsql.models.table_model import TableModel

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


def _restored(content: bytes) -> TableModel:
    """Return the model over a table; that of behaviour is one over the features of behaviour."""
    from ecomsql.models.behaviour_model import TASKS, BehaviourModel
    from ecomsql.models.table_model import TableModel

    stored = from_blob(content, tasks=TableModel.TASKS + TASKS)
    if stored.task not in TASKS:
        return TableModel.restored(stored)
    table = BehaviourModel.restored(stored).table
    if table is None:
        raise OptionError(f"a model of the method '{stored.method}' has no features to weigh")
    return table


def _importance(blob: pa.Scalar, count: int, kind: object) -> list[dict[str, object]]:
    wanted = options.choice("kind", kind, KINDS)
    _, model = stored_model(
        "features", blob, count, given="the relation", made_by=MADE_BY, restore=_restored
    )
    if wanted not in model.importance:
        there = listed(f"'{one}'" for one in sorted(model.importance))
        if not model.importance:
            raise ModelError("the model learned from too few rows to hold any out for this")
        raise OptionError(f"a model of the method '{model.method}' has no '{wanted}', only {there}")
    values = model.importance[wanted].tolist()
    pairs = zip(model.schema.names, values, strict=True)
    return [{"feature": feature, "importance": value} for feature, value in pairs]
