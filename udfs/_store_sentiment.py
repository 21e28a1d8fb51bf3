"""Trains a model of sentiment and returns its row."""

from __future__ import annotations

import pyarrow as pa

from ecomsql import options
from ecomsql.errors import ColumnError
from ecomsql.udf import udf

from ._calls import named
from ._open_embedder import call_of
from ._open_sentiment import check_labelled, fitted
from ._training_row import RETURNS, training_row


@udf("_store_sentiment", ("VARCHAR[]", "VARCHAR[]", "VARCHAR"), RETURNS, by_row=True)
def store_sentiment(texts: pa.Array, labels: pa.Array, document: pa.Array) -> pa.Array:
    """Return the row of a model that learned from the texts and labels of the single row."""
    from ecomsql.features.opinion_labels import NAMES, opinions
    from ecomsql.models.sentiment_fitting import methods

    wanted = call_of(document[0].as_py())
    with named("train_sentiment"):
        column, columns = check_labelled(wanted)
        method = options.choice("method", wanted["method"], methods())
        seed = options.whole("seed", wanted["seed"], at_least=0)
        if column is None:
            raise ColumnError(
                "there is nothing to learn from: name the column of ratings with rating_col, or "
                "that of labels with label_col"
            )
        told = opinions(labels[0].as_py() or [], column=column, rated=wanted["label_col"] is None)
        _, model = fitted(method, texts[0].as_py() or [], told, seed=seed)
    own = {role: name for role, name in columns.items() if name}
    counts = dict(
        zip((NAMES[code] for code in model.classes), model.metrics["classes"], strict=True)
    )
    return training_row(
        model.stored(),
        rows=sum(counts.values()),
        options={"method": method, "seed": seed, **own},
        metrics={**model.metrics, "classes": counts, "terms": len(model.vocabulary)},
    )
