"""Tells the sentiment of texts, batch by batch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from ecomsql.progress import checkpoint
from ecomsql.udf import udf

from ._calls import held
from ._open_sentiment import LEXICON


@udf(
    "_sentiment_of",
    ("VARCHAR", "VARCHAR"),
    "STRUCT(sentiment VARCHAR, score DOUBLE)",
    by_handle=True,
)
def sentiment_of(handles: pa.Array, texts: pa.Array) -> pa.Array:
    """Return the sentiment of each text by the model of the (one) handle."""
    from ecomsql.models.text_sentiment import NAMES, by_lexicon, by_model

    checkpoint()
    told = ["" if one is None else one for one in texts.to_pylist()]
    handle = handles[0].as_py()
    codes, scores = by_lexicon(told) if handle == LEXICON else by_model(held(handle), told)
    columns: list[Any] = [
        pa.array(NAMES).take(pa.array(codes)),
        pa.array(scores.astype(np.float64)),
    ]
    return pa.StructArray.from_arrays(columns, ["sentiment", "score"])
