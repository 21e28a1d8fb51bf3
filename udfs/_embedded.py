"""Embeds texts, batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from ecomsql.progress import checkpoint
from ecomsql.udf import udf

from ._calls import held

if TYPE_CHECKING:
    from ecomsql.models.embedder import Embedder, Vectors


@udf("_embedded", ("VARCHAR", "VARCHAR"), "FLOAT[]", by_handle=True)
def embedded(handles: pa.Array, texts: pa.Array) -> pa.Array:
    """Return the vector of each text by the embedder of the (one) handle; NULL without one."""
    checkpoint()
    key = handles[0].as_py()
    if key is None:
        return pa.nulls(len(texts), pa.list_(pa.float32()))
    return vectors_of(held(key), texts)


def vectors_of(model: Embedder, texts: pa.Array) -> pa.Array:
    """Return the vector of each text; NULL for NULL, and for a text without anything to read."""
    vectors: Vectors = model.embed(["" if one is None else one for one in texts.to_pylist()])
    good = vectors.any(axis=1)
    offsets = np.arange(0, vectors.size + 1, vectors.shape[1], dtype=np.int32)
    values = pa.array(vectors.ravel())
    return pa.ListArray.from_arrays(pa.array(offsets), values, mask=pa.array(~good))
