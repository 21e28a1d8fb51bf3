"""What the UDFs share: names in errors, models that are stored, state between two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
import polars as pl
import pyarrow as pa

from ecomsql.cache import CACHE, Sized, bytes_key, content_key
from ecomsql.errors import EcomsqlError, ModelError
from ecomsql.storage import is_named

S = TypeVar("S", bound=Sized)

NOTHING = "ecomsql.internal._nothing"
"""What a relation argument is when the user gives none."""


@contextmanager
def named(function: str) -> Iterator[None]:
    """Put the name of the SQL function before the text of an error."""
    try:
        yield
    except EcomsqlError as error:
        raise type(error)(f"{function}: {error}") from error


def held(handle: str | None) -> Any:
    """Return what an earlier UDF of the same query has put into the cache."""
    found = CACHE.get(handle or "")
    if found is None:
        raise EcomsqlError(
            "the state of this query was pushed out of the cache by other queries; give the cache "
            "more room with the environment variable ECOMSQL_CACHE_BYTES"
        )
    return found


def stored_model(
    kind: str,
    blob: pa.Scalar,
    rows: int,
    *,
    given: str,
    made_by: str,
    restore: Callable[[bytes], S],
) -> tuple[str, S]:
    """Return a key of a model's bytes and the model, restored once.

    Parameters
    ----------
    kind : str
        What `restore` makes: of the same bytes, each kind is kept by itself.
    blob : BLOB scalar
        NULL where the relation has no model.
    rows : int
        Of the relation.
    given : str
        How the user named the relation, for errors: ``"model := 'm'"``.
    made_by : str
        What makes such a model, for errors: ``"train_recommender(...)"``.
    restore : callable
        Makes the model of its bytes.

    Raises
    ------
    ModelError
        If there is no model, or whatever `restore` raises.
    """
    if not blob.is_valid:
        why = "has no rows" if rows == 0 else "has no column 'model' with a trained model in it"
        raise ModelError(f"{given} {why}; make it with CREATE TABLE m AS FROM {made_by}")
    content = blob.as_buffer()
    key = f"{kind}:{bytes_key(content)}"
    return key, CACHE.get_or_make(key, lambda: restore(content.to_pybytes()))


def named_model(
    kind: str, head: pa.Scalar, size: pa.Scalar, blob: pa.Scalar, rows: int, **how: Any
) -> tuple[str, Any]:
    """Return what :func:`stored_model` does, of a model that its first bytes tell from others.

    Parameters
    ----------
    head : BLOB scalar
        Its first ``HEAD`` bytes.
    size : BIGINT scalar
        How many it has.
    blob : BLOB scalar
        All of them; NULL where a model of this kind was in the cache (see :func:`model_key`).
    **how
        The other arguments of :func:`stored_model`.
    """
    key = model_key(kind, head, size)
    if key is None:
        return stored_model(kind, blob, rows, **how)
    if not blob.is_valid:
        return key, held(key)
    return key, CACHE.get_or_make(key, lambda: how["restore"](blob.as_buffer().to_pybytes()))


def model_key(kind: str, head: pa.Scalar, size: pa.Scalar) -> str | None:
    """Return the key of a model in the cache; None where its first bytes do not tell which it is.

    This is so of models of earlier versions, and of bytes that are no model.
    """
    content = head.as_py()
    if content is None or not is_named(content):
        return None
    return f"{kind}:{content_key((), [content.hex(), size.as_py()])}"


def unordered_content(frame: pl.DataFrame) -> list[np.ndarray]:
    """Return what differs between frames of different rows, whatever the order of the rows."""
    sums = [frame.hash_rows(seed=seed).to_numpy().sum(keepdims=True) for seed in (1, 2)]
    return [*sums, np.array([len(frame)])]
