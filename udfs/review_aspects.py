"""Finds what reviews say of aspects, batch by batch."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ecomsql import roles
from ecomsql.progress import checkpoint
from ecomsql.udf import udf

if TYPE_CHECKING:
    from ecomsql.models.aspect_words import AspectWords
    from ecomsql.models.review_aspects import Mentions

FIELDS = "STRUCT(place BIGINT, aspect VARCHAR, sentiment VARCHAR, score DOUBLE, span VARCHAR)[]"


def check(call: dict[str, Any]) -> dict[str, Any]:
    """Return the aspects asked for; raise ColumnError or OptionError for a wrong call."""
    from ecomsql.models.aspect_words import asked_aspects

    names = {"id_col": call["id_col"], "text_col": call["text_col"]}
    roles.resolve(call["columns"] or [], required=names, optional={})
    asked_aspects(call["aspects"])
    return {"aspects": call["aspects"]}


@udf("_aspects_of", ("VARCHAR", "VARCHAR"), FIELDS, by_handle=True)
def aspects_of(documents: pa.Array, texts: pa.Array) -> pa.Array:
    """Return what each text says of the aspects of the (one) document, in the text's order."""
    from ecomsql.models.review_aspects import mentions_of

    checkpoint()
    told = ["" if one is None else one for one in texts.to_pylist()]
    words = _words(documents[0].as_py())
    return _listed(mentions_of(told, words), words.names, len(told))


@lru_cache(maxsize=16)
def _words(document: str) -> AspectWords:
    from ecomsql.models.aspect_words import asked_aspects, words_of

    return words_of(asked_aspects(json.loads(document)["aspects"]))


def _listed(found: Mentions, names: list[str], n: int) -> pa.Array:
    """Return one list of mentions a text."""
    from ecomsql.models.lexicon_sentiment import SENTIMENTS, sentiment_codes

    offsets = np.searchsorted(found.texts, np.arange(n + 1))
    columns = {
        "place": pa.array(np.arange(len(found)) - offsets[found.texts]),
        "aspect": pa.array(names, pa.string()).take(pa.array(found.aspects)),
        "sentiment": pa.array(SENTIMENTS).take(pa.array(sentiment_codes(found.scores))),
        "score": pa.array(found.scores),
        "span": pa.array(found.spans, pa.string()),
    }
    structs = pa.StructArray.from_arrays(list(columns.values()), list(columns))
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), structs)
