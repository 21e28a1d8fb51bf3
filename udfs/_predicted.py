"""Predicts rows of a table, batch by batch."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ecomsql.progress import checkpoint
from ecomsql.udf import udf

from ._calls import held, named
from ._open_predictor import Opened
from ._tables import rows_of

FIELDS = [("label", pa.string()), ("number", pa.float64()), ("probability", pa.float64())]


@udf("_predicted", None, "STRUCT(label VARCHAR, number DOUBLE, probability DOUBLE)", by_handle=True)
def predicted(*columns: pa.Array) -> pa.Array:
    """Return what the model of the (one) handle, the first column, says of each row of the others.

    The number of a class is that of its label, where that is a number or a truth value.
    """
    checkpoint()
    handles, *cells = columns
    names = [name for name, _ in FIELDS]
    if len(handles) == 0:
        return pa.StructArray.from_arrays([pa.array([], kind) for _, kind in FIELDS], names)
    asked: Opened = held(handles[0].as_py())
    with named(asked.function):
        table = asked.model.table(rows_of(cells, asked.names, asked.types))
        values, probability = asked.model.predict(table)
    if probability is None:
        nothing = pa.nulls(len(values), pa.string()), pa.nulls(len(values), pa.float64())
        return pa.StructArray.from_arrays([nothing[0], pa.array(values), nothing[1]], names)
    codes = values.astype(np.int32)
    labels = pa.array(asked.model.classes).take(pa.array(codes))
    of_class = np.array([_number(name) for name in asked.model.classes])
    found = [labels, pa.array(of_class[codes], from_pandas=True), pa.array(probability)]
    return pa.StructArray.from_arrays(found, names)


def _number(label: str) -> float:
    truth = {"true": 1.0, "false": 0.0}
    try:
        return truth[label] if label in truth else float(label)
    except ValueError:
        return float("nan")
