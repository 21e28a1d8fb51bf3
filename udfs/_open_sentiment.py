"""Gives what tells sentiment a handle: a stored model, one that learns here, or the lexicon."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ecomsql import options, roles
from ecomsql.cache import CACHE, content_key
from ecomsql.errors import DataError
from ecomsql.storage import from_blob
from ecomsql.udf import udf

from ._calls import NOTHING, named, stored_model
from ._open_embedder import call_of, required_columns

if TYPE_CHECKING:
    from ecomsql.features.opinion_labels import Opinions
    from ecomsql.models.sentiment_model import SentimentModel

MADE_BY = "train_sentiment(...)"
LEXICON = "lexicon"
"""The method that needs no labels, and its handle."""
ENOUGH = 50
"""Reviews with a rating or label, at least, that are learned from without being asked to."""


@udf("_open_sentiment", ("BLOB", "BIGINT", "VARCHAR[]", "VARCHAR[]", "VARCHAR"), "VARCHAR")
def open_sentiment(
    blobs: pa.Array, counts: pa.Array, texts: pa.Array, labels: pa.Array, documents: pa.Array
) -> pa.Array:
    """Return the handle of each call."""
    found = []
    for blob, count, some, told, text in zip(blobs, counts, texts, labels, documents, strict=True):
        wanted = call_of(text.as_py())
        with named(wanted["function"]):
            found.append(_open(blob, count.as_py(), (some, told), wanted))
    return pa.array(found, pa.string())


def check_labelled(wanted: dict[str, Any]) -> tuple[str | None, dict[str, str | None]]:
    """Return the column that opinions are learned from, if any, and the columns of all roles."""
    optional = {
        "label_col": (wanted["label_col"], None),
        "rating_col": (wanted["rating_col"], "rating"),
    }
    found = roles.resolve(
        wanted["columns"] or [], required=required_columns(wanted), optional=optional
    )
    return found["label_col"] or found["rating_col"], found


def fitted(
    method: str, texts: list[str], labels: Opinions, *, seed: int
) -> tuple[str, SentimentModel]:
    """Return a key and the model of labelled texts, which is fitted once."""
    from ecomsql.models.sentiment_fitting import fit_sentiment

    pairs = sorted(zip(texts, labels.tolist(), strict=True))
    key = f"sentiment:{content_key([], [method, seed, pairs])}"
    fit = partial(fit_sentiment, method, texts, labels, seed=seed)
    return key, CACHE.get_or_make(key, fit)


def _open(
    blob: pa.Scalar, count: int, lists: tuple[pa.Scalar, pa.Scalar], wanted: dict[str, Any]
) -> str:
    from ecomsql.models.sentiment_fitting import methods

    relation = wanted["model"]
    column, _ = check_labelled(wanted)
    name = wanted.get("method_option", "method")
    method = options.choice(name, wanted["method"], [*methods(), LEXICON])
    seed = options.whole("seed", wanted["seed"], at_least=0)
    if relation != NOTHING:
        return stored_model(
            "sentiment",
            blob,
            count,
            given=f"{wanted.get('model_option', 'model')} := '{relation}'",
            made_by=MADE_BY,
            restore=_restored,
        )[0]
    if method == LEXICON:
        return LEXICON
    if column is None and method == "auto":
        return LEXICON
    texts, labels = _labelled(lists, column, method, rated=wanted["label_col"] is None)
    asked = method != "auto" or wanted["label_col"] is not None
    return fitted(method, texts, labels, seed=seed)[0] if asked or _enough(labels) else LEXICON


def _labelled(
    lists: tuple[pa.Scalar, pa.Scalar], column: str | None, method: str, *, rated: bool
) -> tuple[list[str], Opinions]:
    from ecomsql.features.opinion_labels import opinions

    if column is None:
        raise DataError(
            f"method := '{method}' learns from ratings or labels, and the data has none: name "
            f"their column with rating_col or label_col, or take method := '{LEXICON}'"
        )
    texts, labels = (one.as_py() or [] for one in lists)
    return texts, opinions(labels, column=column, rated=rated)


def _enough(labels: Opinions) -> bool:
    from ecomsql.models.sentiment_fitting import learnable

    return len(learnable(labels)) > 1 and int((labels >= 0).sum()) >= ENOUGH


def _restored(content: bytes) -> SentimentModel:
    from ecomsql.models.sentiment_model import TASK, SentimentModel

    return SentimentModel.restored(from_blob(content, tasks=(TASK,)))
