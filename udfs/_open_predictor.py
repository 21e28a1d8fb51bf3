"""Turns a stored predictor into a handle, once a query, and checks the data's columns."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ecomsql import options, roles
from ecomsql.cache import CACHE
from ecomsql.errors import ModelError
from ecomsql.storage import from_blob
from ecomsql.udf import udf

from ._calls import NOTHING, named, stored_model
from ._explaining import OF_TABLES, check_explained

if TYPE_CHECKING:
    from ecomsql.models.table_model import TableModel


MADE_BY = "train_classifier(...) or train_regressor(...)"


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
    if wanted["function"] == "explain":
        check_explained(blob, wanted["model"], wanted["task"], OF_TABLES)
    key, model = _model(blob, count, wanted["model"])
    names = wanted["columns"] or []
    model.schema.places(names)
    top = options.whole("top", wanted["top"], at_least=1) if "top" in wanted else 0
    if wanted.get("id_col") is not None:
        roles.resolve(names, required={"id_col": wanted["id_col"]}, optional={})
    # Without a row there is nothing to score, and no type is known.
    types = wanted["types"] or ["VARCHAR"] * len(names)
    shape = json.dumps([wanted["function"], names, types, top]).encode()
    handle = f"opened:{key}:{hashlib.blake2b(shape, digest_size=10).hexdigest()}"
    CACHE.put(handle, Opened(model, wanted["function"], names, types, top))
    return handle


def _model(blob: pa.Scalar, count: int, relation: str) -> tuple[str, TableModel]:
    if relation == NOTHING:
        raise ModelError(
            f"give a model: model := 'm', the name of a table made with CREATE TABLE m AS FROM "
            f"{MADE_BY}"
        )
    return stored_model(
        "table",
        blob,
        count,
        given=f"model := '{relation}'",
        made_by=MADE_BY,
        restore=_restored,
    )


def _restored(content: bytes) -> TableModel:
    from ecomsql.models.table_model import TableModel

    return TableModel.restored(from_blob(content, tasks=TableModel.TASKS))
