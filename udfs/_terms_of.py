"""Tells which terms of a model of topics are in texts, batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from ecomsql.progress import checkpoint
from ecomsql.udf import udf

from ._calls import held

if TYPE_CHECKING:
    from ecomsql.models.topic_model import TopicModel


@udf("_terms_of", ("VARCHAR", "VARCHAR"), "VARCHAR[]", by_handle=True)
def terms_of(handles: pa.Array, texts: pa.Array) -> pa.Array:
    """Return the terms of the model of the (one) handle that each text has, each once."""
    checkpoint()
    key = handles[0].as_py()
    if key is None:
        return pa.array([[] for _ in range(len(texts))], pa.list_(pa.string()))
    model: TopicModel = held(key)
    counts = model.vocabulary.counts(["" if one is None else one for one in texts.to_pylist()])
    words = pa.array(model.spelling, pa.string()).take(pa.array(counts.indices))
    return pa.ListArray.from_arrays(pa.array(counts.indptr.astype("int32")), words)
