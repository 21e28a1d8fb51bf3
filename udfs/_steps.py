"""Lists what is told of each step of series, for the macros that give every step a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

KINDS = {"DOUBLE": pa.float64(), "BOOLEAN": pa.bool_()}


def returns(fields: Mapping[str, str]) -> str:
    """Return the SQL type of :func:`steps_listed`: `fields` by series and step."""
    told = "".join(f", {name} {kind}" for name, kind in fields.items())
    return f"STRUCT(series INTEGER, step BIGINT{told})[]"


def steps_listed(
    fields: Mapping[str, str], lengths: np.ndarray, columns: Sequence[np.ndarray]
) -> pa.Array:
    """Return one list of what is told of each step of each series, oldest first.

    Parameters
    ----------
    fields : mapping
        Name to SQL type of each column.
    lengths : int64 array, shape (n_series,)
    columns : sequence of arrays, shape (n_series, longest)
        Aligned to the right; NaN becomes NULL. Steps are counted to the last one, which is 0.
    """
    longest = int(lengths.max(initial=0))
    rows, at = np.nonzero(np.arange(longest) >= longest - lengths[:, None])
    told = [pa.array(rows.astype(np.int32)), pa.array(at - (longest - 1), pa.int64())]
    for column, kind in zip(columns, fields.values(), strict=True):
        told.append(pa.array(column[rows, at], KINDS[kind], from_pandas=True))
    structs = pa.StructArray.from_arrays(told, names=["series", "step", *fields])
    return pa.ListArray.from_arrays(pa.array([0, len(structs)], pa.int32()), structs)


def nothing_listed(fields: Mapping[str, str]) -> pa.Array:
    """Return a list without steps."""
    return steps_listed(fields, np.empty(0, dtype=np.int64), [np.empty((0, 0))] * len(fields))
