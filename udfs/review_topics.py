"""Tells the topics of texts, batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    found: list[Any] = [[]] * len(keys)
    for key in {one for one in keys if one is not None}:
        places = [at for at, one in enumerate(keys) if one == key]
        told = _shares(held(key), texts.take(pa.array(places)).to_pylist(), least[0].as_py())
        for at, one in zip(places, told, strict=True):
            found[at] = one
    return pa.array(found, pa.list_(SHARE))


def _shares(model: TopicModel, texts: list[str | None], least: float) -> list[list[Any]]:
    shares, known = model.shares([one or "" for one in texts])
    weights = np.round(shares.astype(np.float64), DECIMALS)
    order = np.argsort(-weights, axis=1, kind="stable")
    told = (np.take_along_axis(weights, order, axis=1) >= least).sum(axis=1)
    # The greatest has a row, however small it is.
    counts = np.where(known, np.maximum(told, 1), 0)
    return [
        [{"topic": int(topic) + 1, "weight": float(row[topic])} for topic in places[:n]]
        for row, places, n in zip(weights, order, counts, strict=True)
    ]
