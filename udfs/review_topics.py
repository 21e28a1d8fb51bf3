"""Tells the topics of texts, batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from ecomsql.progress import checkpoint
from ecomsql.udf import udf

from ._calls import held

if TYPE_CHECKING:
    from ecomsql.models.topic_model import TopicModel

SHARE = pa.struct([("topic", pa.int32()), ("weight", pa.float64())])
DECIMALS = 6
"""Of a weight."""


@udf(
    "_topics_of",
    ("VARCHAR", "VARCHAR", "DOUBLE"),
    "STRUCT(topic INTEGER, weight DOUBLE)[]",
)
def topics_of(handles: pa.Array, texts: pa.Array, least: pa.Array) -> pa.Array:
    """Return the topics of each text by falling weight; none where no word is known."""
    checkpoint()
    keys = handles.to_pylist()
    if len(set(keys)) == 1 and keys[0] is not None:
        return shares_of(held(keys[0]), texts.to_pylist(), least[0].as_py())
    parts = [
        pa.array([[]], pa.list_(SHARE))
        if key is None
        else shares_of(held(key), texts.slice(at, 1).to_pylist(), least[at].as_py())
        for at, key in enumerate(keys)
    ]
    return pa.concat_arrays(parts) if parts else pa.array([], pa.list_(SHARE))


def shares_of(model: TopicModel, texts: list[str | None], least: float) -> pa.Array:
    """Return the topics of each text; the greatest is always among them, however small it is."""
    shares, known = model.shares([one or "" for one in texts])
    weights = np.round(shares.astype(np.float64), DECIMALS)
    order = np.argsort(-weights, axis=1, kind="stable")
    weights = np.take_along_axis(weights, order, axis=1)
    told = (weights >= least) & known[:, None]
    told[:, 0] = known
    offsets = np.concatenate([[0], np.cumsum(told.sum(axis=1))]).astype(np.int32)
    topics = pa.array(order[told].astype(np.int32) + 1)
    rows = pa.StructArray.from_arrays([topics, pa.array(weights[told])], fields=list(SHARE))
    return pa.ListArray.from_arrays(pa.array(offsets), rows)
