"""How probable it is that users buy, or stay away, from an open session."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from ecomsql.udf import udf

from ._calls import held
from ._open_behaviour import Session

RETURNS = (
    'STRUCT("user" INTEGER, item INTEGER, as_of BIGINT, probability DOUBLE, predicted BOOLEAN)[]'
)
KIND = pa.struct(
    [
        ("user", pa.int32()),
        ("item", pa.int32()),
        ("as_of", pa.int64()),
        ("probability", pa.float64()),
        ("predicted", pa.bool_()),
    ]
)


@udf("_answered_behaviour", ("VARCHAR",), RETURNS, by_row=True)
def answered_behaviour(handles: pa.Array) -> pa.Array:
    """Return the answers of the session of the single handle, as_of in microseconds."""
    session: Session = held(handles[0].as_py())
    found = _answers(session)
    fields = [
        found[name].to_arrow().cast(field.type)
        for name, field in zip(KIND.names, KIND, strict=True)
    ]
    structs = pa.StructArray.from_arrays(fields, fields=list(KIND))
    return pa.ListArray.from_arrays(pa.array([0, len(structs)], pa.int32()), structs)


def _answers(session: Session) -> pl.DataFrame:
    request, model = session.request, session.model
    if model is None or len(request.log.frame) == 0:
        return pl.DataFrame({name: [] for name in KIND.names})
    found = model.answers(request.log, request.cut)
    if "item" not in found.columns:
        found = found.with_columns(item=pl.lit(None, pl.Int32))
    at = request.log.last if request.as_of is None else request.as_of
    return found.with_columns(
        as_of=pl.lit(round(at * 1e6), pl.Int64),
        predicted=pl.col("probability") >= request.threshold,
    )
