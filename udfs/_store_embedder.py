"""Trains an embedder and returns its row."""

from __future__ import annotations

import pyarrow as pa

from ecomsql.errors import DataError
from ecomsql.udf import udf

from ._calls import named
from ._open_embedder import call_of, check_reviews, fitted
from ._training_row import RETURNS, training_row


@udf("_store_embedder", ("VARCHAR[]", "VARCHAR"), RETURNS, by_row=True)
def store_embedder(texts: pa.Array, document: pa.Array) -> pa.Array:
    """Return the row of an embedder of the texts of the single row."""
    from ecomsql.models.embedding_fitting import stored

    wanted = call_of(document[0].as_py())
    with named("train_embedder"):
        columns = check_reviews(wanted)
        _, model = fitted(texts[0].as_py() or [], wanted)
        if not texts[0].as_py():
            raise DataError("there is nothing to train on: no row has an id and a text")
    told = {"method": wanted["method"], "seed": wanted["seed"], **columns}
    return training_row(
        stored(model),
        rows=wanted["rows"],
        options={**told, "dims": model.dims},
        metrics={"dims": model.dims, "bytes": model.nbytes},
    )
