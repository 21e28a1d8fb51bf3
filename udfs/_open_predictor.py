"""Turns a stored predictor into a handle, once a query, and checks the data's columns."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ecomsql import options, roles
from ecomsql.cache import CACHE
from ecomsql.errors import EcomsqlError, ModelError
from ecomsql.storage import from_blob
from ecomsql.udf import udf

from ._recommending import NOTHING, named
from ._tables import rows_of

if TYPE_CHECKING:
    from ecomsql.features.table import Rows
    from ecomsql.models.table_model import TableModel


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A model and the columns of the data that it is asked about."""

    model: TableModel
    function: str
    names: list[str]
    types: list[str]
    top: int

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""
        return self.model.nbytes

    def rows(self, numbers: pa.Array, texts: pa.Array) -> Rows:
        """Return rows of the data."""
        return rows_of(numbers, texts, self.names, self.types)


@udf("_open_predictor", ("BLOB", "BIGINT", "VARCHAR"), "VARCHAR")
def open_predictor(blobs: pa.Array, counts: pa.Array, documents: pa.Array) -> pa.Array:
    """Return the handle of each model over the columns of the data."""
    found = []
    for blob, count, text in zip(blobs, counts, documents, strict=True):
        wanted: dict[str, Any] = json.loads(text.as_py())
        with named(wanted["function"]):
            found.append(_open(blob, count.as_py(), wanted))
    return pa.array(found, pa.string())


def _open(blob: pa.Scalar, count: int, wanted: dict[str, Any]) -> str:
    content, model = loaded(blob, count, wanted["model"])
    names = wanted["columns"] or []
    model.schema.places(names)
    top = options.whole("top", wanted["top"], at_least=1) if "top" in wanted else 0
    if wanted.get("id_col") is not None:
        roles.resolve(names, required={"id_col": wanted["id_col"]}, optional={})
    # Without a row there is nothing to score, and no type is known.
    types = wanted["types"] or ["VARCHAR"] * len(names)
    shape = json.dumps([wanted["function"], names, types, top]).encode()
    handle = f"opened:{content}:{hashlib.blake2b(shape, digest_size=10).hexdigest()}"
    CACHE.put(handle, Opened(model, wanted["function"], names, types, top))
    return handle


def loaded(blob: pa.Scalar, count: int, relation: str) -> tuple[str, TableModel]:
    """Return a key of the content and the model of a row, restored once."""
    from ecomsql.models.table_model import TableModel

    if relation == NOTHING:
        raise ModelError(
            "give a model: model := 'm', the name of a table made with CREATE TABLE m AS FROM "
            "train_classifier(...) or train_regressor(...)"
        )
    content = content_of(blob, count, relation)
    key = hashlib.blake2b(content, digest_size=20).hexdigest()
    model: TableModel | None = CACHE.get(f"table:{key}")
    if model is None:
        model = TableModel.restored(from_blob(content.to_pybytes(), tasks=TableModel.TASKS))
        CACHE.put(f"table:{key}", model)
    return key, model


def content_of(blob: pa.Scalar, count: int, relation: str) -> pa.Buffer:
    """Return the bytes of a model; raise ModelError where there are none."""
    if not blob.is_valid:
        why = "has no rows" if count == 0 else "has no column 'model' with a trained model in it"
        raise ModelError(
            f"{_quoted(relation)} {why}; make it with CREATE TABLE m AS FROM "
            f"train_classifier(...) or train_regressor(...)"
        )
    return blob.as_buffer()


def _quoted(relation: str) -> str:
    return relation if " " in relation else f"model := '{relation}'"


def opened(handles: pa.Array) -> Opened:
    """Return what the (one) handle stands for."""
    found: Opened | None = CACHE.get(handles[0].as_py() or "")
    if found is None:
        raise EcomsqlError(
            "the model of this query was pushed out of the cache by other queries; give the cache "
            "more room with the environment variable ECOMSQL_CACHE_BYTES"
        )
    return found
