"""Checks what is looked for among reviews, and opens the embedder that it takes."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from ecomsql import options, roles
from ecomsql.errors import ColumnError, DataError, OptionError
from ecomsql.udf import udf

from ._calls import NOTHING, held, named
from ._open_embedder import call_of, open_one

ALL = 1 << 53
"""More reviews than there are."""
FIELDS = {"handle": ("VARCHAR", pa.string()), "k": ("BIGINT", pa.int64())}
RETURNS = f"STRUCT({', '.join(f'{name} {sql}' for name, (sql, _) in FIELDS.items())})"


@udf("_open_similar", ("BLOB", "BIGINT", "VARCHAR[]", "VARCHAR"), RETURNS)
def open_similar(
    blobs: pa.Array, counts: pa.Array, texts: pa.Array, documents: pa.Array
) -> pa.Array:
    """Return the handle of the embedder of each call, or NULL if it takes none, and its k."""
    found = []
    for blob, count, some, text in zip(blobs, counts, texts, documents, strict=True):
        wanted = call_of(text.as_py())
        with named(wanted["function"]):
            k = _checked(wanted)
            handle = open_one(blob, count.as_py(), some, wanted) if _embeds(wanted) else None
            _check_width(handle, wanted)
        found.append({"handle": handle, "k": k})
    return pa.array(found, pa.struct([(name, kind) for name, (_, kind) in FIELDS.items()]))


def _checked(wanted: dict[str, Any]) -> int:
    names = {"id_col": wanted["id_col"], "text_col": wanted["text_col"]}
    optional = {"embedding_col": (wanted["embedding_col"], "embedding")}
    found = roles.resolve(wanted["columns"] or [], required=names, optional=optional)
    _check_kind(found["embedding_col"], wanted)
    k = min(options.whole("k", wanted["k"], at_least=1), ALL)
    if wanted["query"] is None:
        raise OptionError("query is NULL: give a text, or the id of a review")
    if not wanted["is_text"] and not wanted["is_review"]:
        raise DataError(
            f"there is no review with the id {wanted['query']}; to look for a text, give it as text"
        )
    return k


def _check_kind(column: str | None, wanted: dict[str, Any]) -> None:
    """Raise ColumnError for a column of embeddings that is no list of numbers."""
    if column is None or wanted["types"] is None:
        return
    kind = wanted["types"][wanted["columns"].index(column)]
    if not kind.endswith("]") and kind != '"NULL"':
        raise ColumnError(
            f"the column '{column}' for embedding_col is {kind} and holds no embeddings"
        )


def _embeds(wanted: dict[str, Any]) -> bool:
    """Return whether anything has to be embedded."""
    if not wanted["is_embedded"]:
        return True
    if wanted["is_review"]:
        return False
    if wanted["model"] == NOTHING and str(wanted["method"]).lower() != "hash":
        raise OptionError(
            "the data has embeddings, so to look for a text give the model that made them: "
            "model := 'm', a table made by train_embedder; or method := 'hash', if that did"
        )
    wanted["dims"] = wanted["width"] or wanted["dims"]
    return True


def _check_width(handle: str | None, wanted: dict[str, Any]) -> None:
    if handle is None or not wanted["is_embedded"] or wanted["width"] is None:
        return
    if held(handle).dims != wanted["width"]:
        raise DataError(
            f"the embeddings have {wanted['width']} numbers, and those of the model "
            f"{held(handle).dims}: they were made by another one"
        )
