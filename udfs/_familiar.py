"""Tells how much of texts an embedder knows."""

from __future__ import annotations

import pyarrow as pa

from ecomsql.udf import udf

from ._calls import held


@udf("_familiar", ("VARCHAR", "VARCHAR"), "DOUBLE", by_handle=True)
def familiar(handles: pa.Array, texts: pa.Array) -> pa.Array:
    """Return how much of each text the embedder of the (one) handle knows; 1 without one."""
    key = handles[0].as_py()
    if key is None:
        return pa.array([1.0] * len(texts))
    return pa.array(held(key).familiarity([one or "" for one in texts.to_pylist()]))
