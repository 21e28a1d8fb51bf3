"""Turns a trained model of behaviour into a row."""

from __future__ import annotations

import pyarrow as pa

from ecomsql.features.calendar import DAY
from ecomsql.udf import udf

from ._behaving import HORIZONS, Request
from ._calls import held
from ._open_behaviour import Session
from ._training_row import RETURNS, training_row


@udf("_store_behaviour", ("VARCHAR",), RETURNS, by_row=True)
def store_behaviour(handles: pa.Array) -> pa.Array:
    """Return the row of the model of the single handle."""
    session: Session = held(handles[0].as_py())
    model = session.model
    if model is None:
        raise AssertionError
    return training_row(
        model.stored(),
        rows=model.metrics["rows"],
        options=_options(session.request),
        metrics=model.metrics,
    )


def _options(request: Request) -> dict[str, object]:
    name, _ = HORIZONS[request.task]
    chosen = {"method": request.method, "seed": request.seed, "per": request.per}
    roles = {role: column for role, column in request.columns.items() if column}
    return {**chosen, name: f"{request.horizon / DAY:g} days", **roles}
