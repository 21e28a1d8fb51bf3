"""Gives an embedder a handle: one that was stored, or one that learns from the texts at hand."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ecomsql import options, roles
from ecomsql.cache import CACHE, content_key
from ecomsql.errors import ModelError, OptionError
from ecomsql.storage import from_blob
from ecomsql.udf import udf

from ._calls import NOTHING, named, stored_model

if TYPE_CHECKING:
    from ecomsql.models.embedder import Embedder

MADE_BY = "train_embedder(...)"


@udf("_open_embedder", ("BLOB", "BIGINT", "VARCHAR[]", "VARCHAR"), "VARCHAR")
def open_embedder(
    blobs: pa.Array, counts: pa.Array, texts: pa.Array, documents: pa.Array
) -> pa.Array:
    """Return the handle of the embedder of each call."""
    found = []
    for blob, count, some, text in zip(blobs, counts, texts, documents, strict=True):
        wanted = call_of(text.as_py())
        with named(wanted["function"]):
            check_reviews(wanted)
            found.append(open_one(blob, count.as_py(), some, wanted))
    return pa.array(found, pa.string())


@udf("_embedder_of", ("BLOB",), "VARCHAR")
def embedder_of(blobs: pa.Array) -> pa.Array:
    """Return the handle of each stored embedder."""
    with named("embed_text"):
        found = [_key_of(one) for one in blobs]
    return pa.array(found, pa.string())


def _key_of(blob: pa.Scalar) -> str:
    if not blob.is_valid:
        raise ModelError("model_blob is NULL: is there a row in the table of the model?")
    return stored_model(
        "embedder", blob, 1, given="model_blob", made_by=MADE_BY, restore=_restored
    )[0]


def call_of(document: str) -> dict[str, Any]:
    """Return what a function was given, its options among the rest."""
    wanted: dict[str, Any] = json.loads(document)
    return {**wanted, **wanted["options"]}


def check_reviews(wanted: dict[str, Any]) -> dict[str, str | None]:
    """Return the columns of a relation of reviews, or raise ColumnError."""
    return roles.resolve(wanted["columns"] or [], required=required_columns(wanted), optional={})


def required_columns(wanted: dict[str, Any]) -> dict[str, str]:
    """Return the columns that a relation of reviews has to have, by role.

    What tells rows apart is another role where a function looks at the reviews of something.
    """
    return {wanted.get("id_role", "id_col"): wanted["id_col"], "text_col": wanted["text_col"]}


def fitted(texts: list[str], wanted: dict[str, Any]) -> tuple[str, Embedder]:
    """Return a key and the embedder of texts, which is fitted once."""
    from ecomsql.models.embedding_fitting import check_dims, check_method, fit_embedder

    method = check_method(wanted["method"])
    dims = check_dims(wanted["dims"])
    seed = options.whole("seed", wanted["seed"], at_least=0)
    different = sorted(set(texts))
    key = f"embedder:{content_key([], [method, dims, seed, different])}"
    fit = partial(fit_embedder, method, different, dims=dims, seed=seed)
    return key, CACHE.get_or_make(key, fit)


def open_one(blob: pa.Scalar, count: int, texts: pa.Scalar, wanted: dict[str, Any]) -> str:
    """Return the handle of the model that is given, or of one that is fitted to texts."""
    relation = wanted["model"]
    if relation == NOTHING:
        return fitted(texts.as_py() or [], wanted)[0]
    if relation is None:
        raise OptionError("model := NULL is no name of a table")
    key, _ = stored_model(
        "embedder", blob, count, given=f"model := '{relation}'", made_by=MADE_BY, restore=_restored
    )
    return key


def _restored(content: bytes) -> Embedder:
    from ecomsql.models.embedding_fitting import TASK, restored

    return restored(from_blob(content, tasks=(TASK,)))
