"""Turns a stored recommender into a handle, once a query."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from ecomsql.cache import CACHE
from ecomsql.errors import ModelError
from ecomsql.storage import from_blob
from ecomsql.udf import udf

from ._recommending import NOTHING, named

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
    from ecomsql.models.trained import TASK, Trained

    if relation == NOTHING:
        return None
    if not blob.is_valid:
        why = "has no rows" if rows == 0 else "has no column 'model' with a trained model in it"
        raise ModelError(
            f"model := '{relation}' {why}; make it with CREATE TABLE m AS FROM "
            f"train_recommender(...)"
        )
    content = blob.as_buffer()
    handle = "model:" + hashlib.blake2b(content, digest_size=20).hexdigest()
    loaded = CACHE.get(handle)
    if loaded is None:
        trained, items = Trained.restored(from_blob(content.to_pybytes(), tasks=(TASK,)))
        loaded = Loaded(trained, items)
        CACHE.put(handle, loaded)
    return {"handle": handle, "items": loaded.items}
