"""Turns a trained model of lifetime value into a row."""

from __future__ import annotations

import json

import pyarrow as pa

from ecomsql.cache import CACHE
from ecomsql.errors import EcomsqlError
from ecomsql.storage import to_blob
from ecomsql.udf import udf
from ecomsql.version import __version__

from ._open_ltv import CustomerValues
from .train_recommender import FIELDS, RETURNS


@udf("_store_ltv", ("VARCHAR",), RETURNS)
def store_ltv(handles: pa.Array) -> pa.Array:
    """Return the row of the model of the single handle."""
    session: CustomerValues | None = CACHE.get(handles[0].as_py() or "")
    if session is None or session.model is None:
        raise EcomsqlError("train_ltv_model: the model was pushed out of the cache; run it again")
    model = session.model
    row = {
        "model": to_blob(model.stored()),
        "method": model.method,
        "rows": session.orders,
        "options": json.dumps(session.options),
        "metrics": json.dumps(model.metrics),
        "version": __version__,
    }
    return pa.array([row], pa.struct([(name, kind) for name, (_, kind) in FIELDS.items()]))
