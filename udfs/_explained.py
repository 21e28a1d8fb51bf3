"""Explains predictions of rows of a table, batch by batch."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from ecomsql.features.table import Rows, kind_of
from ecomsql.progress import checkpoint
from ecomsql.udf import udf

from ._calls import held, named
from ._open_predictor import Opened

RETURNS = "STRUCT(rank INTEGER, feature VARCHAR, value VARCHAR, contribution DOUBLE)[]"


@udf("_explained", ("VARCHAR", "DOUBLE[]", "VARCHAR[]"), RETURNS)
def explained(handles: pa.Array, numbers: pa.Array, texts: pa.Array) -> pa.Array:
    """Return the features of each row that add most to the answer of the (one) handle's model."""
    checkpoint()
    if len(numbers) == 0:
        return pa.array([], _kind())
    asked: Opened = held(handles[0].as_py())
    with named(asked.function):
        rows = asked.rows(numbers, texts)
        parts = asked.model.contributions(asked.model.table(rows))[:, :-1]
    most = min(asked.top, parts.shape[1])
    order = np.argsort(-np.abs(parts), axis=1, kind="stable")[:, :most]
    return _lists(asked, rows, order, np.take_along_axis(parts, order, axis=1))


def _lists(asked: Opened, rows: Rows, order: np.ndarray, parts: np.ndarray) -> pa.Array:
    features = asked.model.schema.names
    places = asked.model.schema.places(asked.names)
    written = [_written(rows, place) for place in places]
    n_rows, most = order.shape
    flat = order.ravel()
    owner = np.repeat(np.arange(n_rows), most)
    fields = [
        pa.array(np.tile(np.arange(1, most + 1, dtype=np.int32), n_rows)),
        pa.array(features).take(pa.array(flat)),
        pa.array([written[at][row] for at, row in zip(flat, owner, strict=True)], pa.string()),
        pa.array(parts.ravel()),
    ]
    names = ["rank", "feature", "value", "contribution"]
    ends = np.arange(n_rows + 1, dtype=np.int32) * most
    return pa.ListArray.from_arrays(ends, pa.StructArray.from_arrays(fields, names))


def _written(rows: Rows, place: int) -> list[str | None]:
    """Return the values of a column as text."""
    kind, sql_type = kind_of(rows.types[place]), rows.types[place]
    if kind == "category":
        return list(rows.text(place).to_pylist())
    return [_text(value, kind, sql_type) for value in rows.number(place).tolist()]


def _text(value: float, kind: str, sql_type: str) -> str | None:
    if np.isnan(value):
        return None
    if kind == "time" and np.isfinite(value):
        moment = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=value)
        return str(moment.date()) if sql_type == "DATE" else str(moment)
    if sql_type == "BOOLEAN":
        return "true" if value else "false"
    return str(int(value)) if np.isfinite(value) and value == int(value) else str(value)


def _kind() -> pa.DataType:
    fields = [("rank", pa.int32()), ("feature", pa.string()), ("value", pa.string())]
    return pa.list_(pa.struct([*fields, ("contribution", pa.float64())]))
