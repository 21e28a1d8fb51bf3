"""Gives a model of topics a handle: one that was stored, or one that learns from texts at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ecomsql import options
from ecomsql.cache import CACHE, content_key
from ecomsql.errors import DataError
from ecomsql.storage import from_blob
from ecomsql.udf import udf

from ._calls import NOTHING, named, stored_model
from ._open_embedder import call_of, check_reviews

if TYPE_CHECKING:
    from ecomsql.models.topic_model import TopicModel

MADE_BY = "train_topics(...)"
MOST = 1_000_000
"""Words of a topic, or keywords of an item, at most."""


@udf("_open_topics", ("BLOB", "BIGINT", "VARCHAR[]", "VARCHAR"), "VARCHAR")
def open_topics(
    blobs: pa.Array, counts: pa.Array, texts: pa.Array, documents: pa.Array
) -> pa.Array:
    """Return the handle of the model of each call; NULL where no text tells anything."""
    found = []
    for blob, count, some, text in zip(blobs, counts, texts, documents, strict=True):
        wanted = call_of(text.as_py())
        with named(wanted["function"]):
            check_reviews(wanted)
            _check(wanted)
            found.append(_open(blob, count.as_py(), some, wanted))
    return pa.array(found, pa.string())


def _check(wanted: dict[str, Any]) -> None:
    """Raise OptionError for an option that has nothing to do with the model."""
    if "words" in wanted:
        options.number(
            "words", options.whole("words", wanted["words"], at_least=1), low=1, high=MOST
        )
    if "keywords" in wanted:
        told = options.whole("keywords", wanted["keywords"], at_least=1)
        options.number("keywords", told, low=1, high=MOST)
    if "min_weight" in wanted:
        options.number("min_weight", wanted["min_weight"], low=0.0, high=1.0)


def _open(blob: pa.Scalar, count: int, texts: pa.Scalar, wanted: dict[str, Any]) -> str | None:
    relation = wanted["model"]
    if relation == NOTHING:
        return _fitted(texts.as_py() or [], wanted)
    given = f"{wanted.get('model_option', 'model')} := '{relation}'"
    return stored_model("topics", blob, count, given=given, made_by=MADE_BY, restore=_restored)[0]


def _fitted(texts: list[str], wanted: dict[str, Any]) -> str | None:
    """Return the key of a model of texts, which is fitted once; None if there is nothing to learn.

    Options are checked before, so that a wrong one is told of whatever the data are.
    """
    from ecomsql.models.topic_fitting import check_method, check_topics, fit_topics

    method = check_method(wanted["method"])
    topics = None if wanted["topics"] is None else check_topics(wanted["topics"])
    seed = options.whole("seed", wanted["seed"], at_least=0)
    different = sorted(set(texts))
    key = f"topics:{content_key([], [method, topics, seed, different])}"
    try:
        CACHE.get_or_make(key, lambda: fit_topics(method, different, topics=topics, seed=seed)[0])
    except DataError:
        return None
    return key


def _restored(content: bytes) -> TopicModel:
    from ecomsql.models.topic_model import TASK, TopicModel

    return TopicModel.restored(from_blob(content, tasks=(TASK,)))
