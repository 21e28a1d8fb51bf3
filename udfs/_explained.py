"""Explains predictions of rows of a table, batch by batch."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from ecomsql.features.number_text import number_texts
from ecomsql.features.table import Rows, kind_of
from ecomsql.progress import checkpoint
from ecomsql.udf import udf

from ._calls import held, named
from ._open_predictor import Opened
from ._part_lists import KIND, PARTS, part_lists
from ._tables import rows_of


@udf("_explained", None, PARTS, by_handle=True)
def explained(*columns: pa.Array) -> pa.Array:
    """Return the features of each row that add most to the answer of a model.

    The first column is the (one) handle of the model, the others are the data's.
    """
    from ecomsql.models.explained import Leading, leading

    checkpoint()
    handles, *cells = columns
    if len(handles) == 0:
        return pa.array([], KIND)
    asked: Opened = held(handles[0].as_py())
    model = asked.model
    with named(asked.function):
        rows = rows_of(cells, asked.names, asked.types)
        parts = model.contributions(model.table(rows))[:, :-1]
    order = leading(parts, asked.top)
    written = [_written(rows, place) for place in model.schema.places(asked.names)]
    owners = np.repeat(np.arange(len(order)), order.shape[1])
    values = [written[at][row] for at, row in zip(order.ravel(), owners, strict=True)]
    return part_lists(Leading(model.schema.names, order, parts, values))


def _written(rows: Rows, place: int) -> list[str | None]:
    """Return the values of a column as text."""
    kind, sql_type = kind_of(rows.types[place]), rows.types[place]
    if kind == "category":
        return list(rows.text(place).to_pylist())
    numbers = rows.number(place).tolist()
    if kind == "time":
        return [_moment(one, sql_type) for one in numbers]
    if sql_type == "BOOLEAN":
        return [None if np.isnan(one) else "true" if one else "false" for one in numbers]
    return number_texts(numbers)


def _moment(seconds: float, sql_type: str) -> str | None:
    if not np.isfinite(seconds):
        return None if np.isnan(seconds) else str(seconds)
    moment = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)
    return str(moment.date()) if sql_type == "DATE" else str(moment)
