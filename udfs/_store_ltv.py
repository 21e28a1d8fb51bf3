"""Turns a trained model of lifetime value into a row."""

from __future__ import annotations

import pyarrow as pa

from ecomsql.udf import udf

from ._calls import held, named
from ._open_ltv import CustomerValues
from ._training_row import RETURNS, training_row


@udf("_store_ltv", ("VARCHAR",), RETURNS, by_row=True)
def store_ltv(handles: pa.Array) -> pa.Array:
    """Return the row of the model of the single handle."""
    with named("train_ltv_model"):
        session: CustomerValues = held(handles[0].as_py())
    model = session.model
    if model is None:
        raise AssertionError
    return training_row(
        model.stored(), rows=session.orders, options=session.options, metrics=model.metrics
    )
