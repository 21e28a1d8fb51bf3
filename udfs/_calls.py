"""What the UDFs share: names in errors, models that are stored, state between two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
import polars as pl
import pyarrow as pa

from ecomsql.cache import CACHE, Sized, bytes_key
from ecomsql.errors import EcomsqlError, ModelError

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


def unordered_content(frame: pl.DataFrame) -> list[np.ndarray]:
    """Return what differs between frames of different rows, whatever the order of the rows."""
    sums = [frame.hash_rows(seed=seed).to_numpy().sum(keepdims=True) for seed in (1, 2)]
    return [*sums, np.array([len(frame)])]
