"""Turns a trained model of lifetime value into a row."""

from __future__ import annotations

import pyarrow as pa

from ecomsql.cache import CACHE
from ecomsql.errors import EcomsqlError
from ecomsql.udf import udf

from ._open_ltv import CustomerValues
from ._training_row import RETURNS, training_row


@udf("_store_ltv", ("VARCHAR",), RETURNS)
def store_ltv(handles: pa.Array) -> pa.Array:
    """Return the row of the model of the single handle."""
    session: CustomerValues | None = CACHE.get(handles[0].as_py() or "")
    if session is None or session.model is None:
        raise EcomsqlError("train_ltv_model: the model was pushed out of the cache; run it again")
    model = session.model
    return training_row(
        model.stored(), rows=session.orders, options=session.options, metrics=model.metrics
    )
