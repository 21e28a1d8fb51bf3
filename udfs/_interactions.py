"""What every recommending UDF does first: lists from SQL become checked interactions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from ecomsql import roles
from ecomsql.errors import DataError, EcomsqlError
from ecomsql.features.interactions import Interactions, interactions


@contextmanager
def named(function: str) -> Iterator[None]:
    """Put the name of the SQL function before the text of an error."""
    try:
        yield
    except EcomsqlError as error:
        raise type(error)(f"{function}: {error}") from error


def read_options(column: pa.Array) -> dict[str, Any]:
    """Return the options of the single row, from their JSON."""
    document: dict[str, Any] = json.loads(column[0].as_py())
    return document


def only(column: pa.Array) -> np.ndarray:
    """Return the list of the single row as an array; empty for NULL; NULLs within are NaN."""
    values = column.flatten()
    return np.asarray(values.to_numpy(zero_copy_only=values.null_count == 0))


def columns_of(document: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the columns of the roles, or raise ColumnError."""
    named_columns = document["roles"]
    return roles.resolve(
        document["columns"] or [],
        required={role: named_columns[role] for role in ("user_col", "item_col")},
        optional={
            "time_col": (named_columns["time_col"], "ts"),
            "weight_col": (named_columns["weight_col"], None),
        },
    )


def feedback_of(columns: Mapping[str, str | None]) -> str:
    """Return 'explicit' when the weights are a column called rating, else 'implicit'."""
    return "explicit" if (columns["weight_col"] or "").lower() == "rating" else "implicit"


def coded_frame(
    users: pa.Array,
    items: pa.Array,
    times: pa.Array,
    weights: pa.Array,
    columns: Mapping[str, str | None],
) -> pl.DataFrame:
    """Return coded pairs as a frame with the columns user, item, weight and perhaps time.

    Raises
    ------
    DataError
        If weights are no numbers, or not finite.
    """
    weight = only(weights)
    bad = int(np.count_nonzero(~np.isfinite(weight.astype(np.float64))))
    if bad:
        raise DataError(
            f"weight_col '{columns['weight_col']}' holds values that are not finite numbers "
            f"({bad} of {len(weight)} pairs)"
        )
    frame = {"user": only(users), "item": only(items), "weight": weight}
    if columns["time_col"] is not None:
        # Rows without a time are older than all that have one.
        frame["time"] = np.nan_to_num(only(times).astype(np.float64), nan=-np.inf, posinf=np.inf)
    return pl.DataFrame(frame)


def coded_interactions(
    users: pa.Array,
    items: pa.Array,
    times: pa.Array,
    weights: pa.Array,
    *,
    n_users: int,
    n_items: int,
    columns: Mapping[str, str | None],
) -> Interactions:
    """Return the interactions of coded pairs; see :func:`coded_frame`."""
    frame = coded_frame(users, items, times, weights, columns)
    return interactions(frame, n_users=n_users, n_items=n_items)
