"""Tells the words of topics."""

from __future__ import annotations

import pyarrow as pa

from ecomsql.udf import udf

from ._calls import held

WORD = pa.struct(
    [("topic", pa.int32()), ("rank", pa.int32()), ("word", pa.string()), ("weight", pa.float64())]
)


@udf(
    "_words_of",
    ("VARCHAR", "BIGINT"),
    "STRUCT(topic INTEGER, rank INTEGER, word VARCHAR, weight DOUBLE)[]",
)
def words_of(handles: pa.Array, counts: pa.Array) -> pa.Array:
    """Return the most telling words of each topic of the models; none without a model."""
    found = [
        [] if key is None else _told(key, count)
        for key, count in zip(handles.to_pylist(), counts.to_pylist(), strict=True)
    ]
    return pa.array(found, pa.list_(WORD))


def _told(key: str, count: int) -> list[dict[str, object]]:
    return [
        {"topic": topic, "rank": rank, "word": word, "weight": weight}
        for topic, words in enumerate(held(key).top_words(count), start=1)
        for rank, (word, weight) in enumerate(words, start=1)
    ]
