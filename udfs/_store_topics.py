"""Trains a model of topics and returns its row."""

from __future__ import annotations

import pyarrow as pa

from ecomsql import options
from ecomsql.errors import DataError
from ecomsql.udf import udf

from ._calls import named
from ._open_embedder import call_of, check_reviews
from ._training_row import RETURNS, training_row


@udf("_store_topics", ("VARCHAR[]", "VARCHAR"), RETURNS, by_row=True)
def store_topics(texts: pa.Array, document: pa.Array) -> pa.Array:
    """Return the row of a model of topics of the texts of the single row."""
    from ecomsql.models.topic_fitting import fit_topics, judged

    wanted = call_of(document[0].as_py())
    with named(wanted["function"]):
        columns = check_reviews(wanted)
        seed = options.whole("seed", wanted["seed"], at_least=0)
        some = texts[0].as_py() or []
        if not some:
            raise DataError("there is nothing to train on: no row has an id and a text")
        model, counts, tried = fit_topics(
            wanted["method"], some, topics=wanted["topics"], seed=seed
        )
        metrics = judged(model, counts, tried, seed=seed)
    told = {"method": model.model.method, "topics": wanted["topics"], "seed": seed, **columns}
    return training_row(model.stored(), rows=wanted["rows"], options=told, metrics=metrics)
