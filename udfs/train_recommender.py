"""Trains a recommender and turns it into a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ecomsql.errors import DataError
from ecomsql.udf import udf

from ._calls import held, named
from ._recommending import Request
from ._training_row import RETURNS, training_row

if TYPE_CHECKING:
    from ecomsql.models.trained import Trained


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """A trained model that waits for the ids of its items."""

    trained: Trained
    rows: int
    options: Mapping[str, Any]

    @property
    def nbytes(self) -> int:
        """Nothing of its own: the model is counted where it is cached."""
        return 0


def open_session(request: Request) -> Training:
    """Fit the model."""
    if len(request.data.items) == 0:
        raise DataError("there is nothing to train on: no row has a user, an item and a weight > 0")
    _, trained = request.trained()
    own = {name: value for name, value in request.options["method_options"].items() if value}
    chosen = {"method": request.options["method"], "seed": request.seed, **own}
    roles = {role: name for role, name in request.columns.items() if name}
    return Training(trained, len(request.data.items), {**chosen, **roles})


@udf("_store_recommender", ("VARCHAR", "VARCHAR[]"), RETURNS, by_row=True)
def store_recommender(handles: pa.Array, ids: pa.Array) -> pa.Array:
    """Return the row of the model of the single handle."""
    with named("train_recommender"):
        training: Training = held(handles[0].as_py())
    return training_row(
        training.trained.stored(ids[0].as_py()),
        rows=training.rows,
        options=training.options,
        metrics=training.trained.model.metrics,
    )
