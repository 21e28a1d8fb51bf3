"""Turns a stored recommender into a handle, once a query."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from ecomsql.storage import from_blob
from ecomsql.udf import udf

from ._calls import NOTHING, named, stored_model

if TYPE_CHECKING:
    from ecomsql.models.trained import Trained

RETURNS = "STRUCT(handle VARCHAR, items VARCHAR[])"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A restored model in the cache."""

    trained: Trained
    items: list[str]

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""
        return self.trained.nbytes + sum(len(item) + 49 for item in self.items)


@udf("_load_recommender", ("BLOB", "BIGINT", "VARCHAR"), RETURNS)
def load_recommender(blobs: pa.Array, rows: pa.Array, options: pa.Array) -> pa.Array:
    """Return the handle and the items' ids of each model; NULL where none was asked for."""
    answers = []
    for blob, count, text in zip(blobs, rows, options, strict=True):
        document = json.loads(text.as_py())
        with named(document["function"]):
            answers.append(_load(blob, count.as_py(), document["model"]))
    kind = pa.struct([("handle", pa.string()), ("items", pa.list_(pa.string()))])
    return pa.array(answers, kind)


def _load(blob: pa.Scalar, rows: int, relation: str) -> dict[str, object] | None:
    if relation == NOTHING:
        return None
    handle, loaded = stored_model(
        "model",
        blob,
        rows,
        given=f"model := '{relation}'",
        made_by="train_recommender(...)",
        restore=_restored,
    )
    return {"handle": handle, "items": loaded.items}


def _restored(content: bytes) -> Loaded:
    from ecomsql.models.trained import TASK, Trained

    return Loaded(*Trained.restored(from_blob(content, tasks=(TASK,))))
