"""Turns a stored recommender into a handle, once a query."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ecomsql.storage import from_blob
from ecomsql.udf import udf

from ._calls import NOTHING, named, stored_model

if TYPE_CHECKING:
    from ecomsql.models.trained import Trained

KIND = "model"
"""What the cache calls a recommender."""
RETURNS = "STRUCT(handle VARCHAR, items VARCHAR[])"


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A restored model in the cache.

    Attributes
    ----------
    ids : array of strings
        The ids of the items.
    codes : dict
        The codes of the items by their text as ids of some data, by what makes ids equal there.
    """

    trained: Trained
    ids: pa.Array
    codes: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes, with codes for data of one type."""
        texts = self.ids.nbytes + 150 * len(self.ids)
        return int(self.trained.nbytes + self.ids.nbytes + texts)


@udf("_load_recommender", ("BLOB", "BIGINT", "VARCHAR"), RETURNS)
def load_recommender(blobs: pa.Array, rows: pa.Array, options: pa.Array) -> pa.Array:
    """Return the handle and the items' ids of each model; NULL where none was asked for."""
    answers = []
    for blob, count, text in zip(blobs, rows, options, strict=True):
        document = json.loads(text.as_py())
        with named(document["function"]):
            answers.append(_answer(blob, count.as_py(), document["model"]))
    kind = pa.struct([("handle", pa.string()), ("items", pa.list_(pa.string()))])
    return pa.array(answers, kind)


def _answer(blob: pa.Scalar, rows: int, relation: str) -> dict[str, object] | None:
    if relation == NOTHING:
        return None
    handle, loaded = stored_model(KIND, blob, rows, **asked(relation))
    return {"handle": handle, "items": loaded.ids}


def asked(relation: str) -> dict[str, Any]:
    """Return how a recommender in a relation of that name is loaded."""
    return {
        "given": f"model := '{relation}'",
        "made_by": "train_recommender(...)",
        "restore": _restored,
    }


def _restored(content: bytes) -> Loaded:
    from ecomsql.models.trained import TASK, Trained

    trained, ids = Trained.restored(from_blob(content, tasks=(TASK,)))
    return Loaded(trained, pa.array(ids, pa.string()))
