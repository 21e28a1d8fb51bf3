"""Hands out the answers of predict_ltv."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from ecomsql.udf import udf

from ._calls import held, named
from ._open_ltv import CustomerValues

FIELDS = {
    "frequency": ("BIGINT", pl.Int64),
    "recency": ("DOUBLE", pl.Float64),
    "age": ("DOUBLE", pl.Float64),
    "monetary": ("DOUBLE", pl.Float64),
    "p_alive": ("DOUBLE", pl.Float64),
    "expected_orders": ("DOUBLE", pl.Float64),
    "expected_value": ("DOUBLE", pl.Float64),
}
RETURNS = f"STRUCT({', '.join(f'{name} {sql}' for name, (sql, _) in FIELDS.items())})"


@udf("_ltv_of", ("VARCHAR", "INTEGER"), RETURNS, by_handle=True)
def ltv_of(handles: pa.Array, codes: pa.Array) -> pa.Array:
    """Return the answer of each customer; all handles are the same."""
    with named("predict_ltv"):
        session: CustomerValues = held(handles[0].as_py())
    found = session.rows[codes.to_numpy()].select(
        pl.col(name).cast(kind) for name, (_, kind) in FIELDS.items()
    )
    columns = [column.to_arrow() for column in found]
    return pa.StructArray.from_arrays(columns, names=list(FIELDS))
