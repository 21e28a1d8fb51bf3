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


@udf("_embedded", ("VARCHAR", "VARCHAR"), "FLOAT[]")
def embedded(handles: pa.Array, texts: pa.Array) -> pa.Array:
    """Return the vector of each text by the embedder of its handle; NULL where there is none."""
    checkpoint()
    kind = pa.list_(pa.float32())
    if len(handles) == 0:
        return pa.array([], kind)
    if len(handles.unique()) == 1 and not handles.null_count:
        return vectors_of(held(handles[0].as_py()), texts)
    found = [
        [None] if key is None else vectors_of(held(key), texts.slice(at, 1)).to_pylist()
        for at, key in enumerate(handles.to_pylist())
    ]
    return pa.array([one for part in found for one in part], kind)


def vectors_of(model: Embedder, texts: pa.Array) -> pa.Array:
    """Return the vector of each text; NULL for NULL, and for a text without anything to read."""
    vectors: Vectors = model.embed(["" if one is None else one for one in texts.to_pylist()])
    good = vectors.any(axis=1)
    offsets = np.arange(0, vectors.size + 1, vectors.shape[1], dtype=np.int32)
    values = pa.array(vectors.ravel())
    return pa.ListArray.from_arrays(pa.array(offsets), values, mask=pa.array(~good))
