"""Turns a trained model of behaviour into a row."""

from __future__ import annotations

import json

import pyarrow as pa

from ecomsql.cache import CACHE
from ecomsql.errors import EcomsqlError
from ecomsql.storage import to_blob
from ecomsql.udf import udf
from ecomsql.version import __version__

from ._answered_behaviour import GONE
from ._behaving import HORIZONS, Request
from ._open_behaviour import Session
from .train_recommender import FIELDS, RETURNS


@udf("_store_behaviour", ("VARCHAR",), RETURNS)
def store_behaviour(handles: pa.Array) -> pa.Array:
    """Return the row of the model of the single handle."""
    session: Session | None = CACHE.get(handles[0].as_py())
    if session is None or session.model is None:
        raise EcomsqlError(GONE)
    model = session.model
    row = {
        "model": to_blob(model.stored()),
        "method": model.method,
        "rows": model.metrics["rows"],
        "options": json.dumps(_options(session.request)),
        "metrics": json.dumps(model.metrics),
        "version": __version__,
    }
    return pa.array([row], pa.struct([(name, kind) for name, (_, kind) in FIELDS.items()]))


def _options(request: Request) -> dict[str, object]:
    name, _ = HORIZONS[request.task]
    chosen = {"method": request.method, "seed": request.seed, "per": request.per}
    roles = {role: column for role, column in request.columns.items() if column}
    return {**chosen, name: f"{request.horizon / 86_400:g} days", **roles}
