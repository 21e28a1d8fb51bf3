"""Gives the importance of a model's features."""

from __future__ import annotations

import pyarrow as pa

from ecomsql import options
from ecomsql.errors import ModelError, OptionError, listed
from ecomsql.udf import udf

from ._open_predictor import loaded
from ._recommending import named

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


def _importance(blob: pa.Scalar, count: int, kind: object) -> list[dict[str, object]]:
    wanted = options.choice("kind", kind, KINDS)
    _, model = loaded(blob, count, "the relation")
    if wanted not in model.importance:
        there = listed(f"'{one}'" for one in sorted(model.importance))
        if not model.importance:
            raise ModelError("the model learned from too few rows to hold any out for this")
        raise OptionError(f"a model of the method '{model.method}' has no '{wanted}', only {there}")
    values = model.importance[wanted].tolist()
    pairs = zip(model.schema.names, values, strict=True)
    return [{"feature": feature, "importance": value} for feature, value in pairs]
