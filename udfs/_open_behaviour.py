"""Opens what a function needs that predicts behaviour, and gives SQL a handle to it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa

from ecomsql.cache import CACHE, content_key
from ecomsql.errors import DataError, OptionError
from ecomsql.features.calendar import DAY
from ecomsql.storage import from_blob
from ecomsql.udf import udf

from ._behaving import HORIZONS, Request, request_of
from ._calls import NOTHING, named, stored_model, unordered_content
from ._explaining import MADE_BY, OF_BEHAVIOUR, check_explained, check_no_id, check_top

if TYPE_CHECKING:
    from ecomsql.models.behaviour_model import BehaviourModel

TAKES = (
    "INTEGER[]",
    "INTEGER[]",
    "DOUBLE[]",
    "TINYINT[]",
    "DOUBLE[]",
    "DOUBLE[]",
    "BLOB",
    "VARCHAR",
)
FIELDS = ("user", "item", "time", "kind", "price", "quantity")
TRAINING = ("train_purchase_model", "train_churn_model")
DEFAULT = 365 * DAY
"""The horizon that explain is given when the user gives none, in seconds."""


@dataclass(frozen=True, eq=False)
class Session:
    """A request, its model (None: there is no event), and how many features explain an answer."""

    request: Request
    model: BehaviourModel | None
    top: int = 0

    @property
    def nbytes(self) -> int:
        """Memory of the events; the model is counted where it is cached."""
        return int(self.request.log.frame.estimated_size())


@udf("_open_behaviour", TAKES, "VARCHAR", by_row=True)
def open_behaviour(
    users: pa.Array,
    items: pa.Array,
    times: pa.Array,
    kinds: pa.Array,
    prices: pa.Array,
    quantities: pa.Array,
    blob: pa.Array,
    document: pa.Array,
) -> pa.Array:
    """Return the handle of a session over the events of the single row."""
    lists = (users, items, times, kinds, prices, quantities)
    text = document[0].as_py()
    wanted: dict[str, Any] = json.loads(text)
    function = wanted["options"]["function"]
    events = {
        name: pl.Series(pl.from_arrow(column.flatten()))
        for name, column in zip(FIELDS, lists, strict=True)
    }
    content = blob[0].as_buffer() if blob[0].is_valid else b""
    handle = _handle(pl.DataFrame(events), text, content)
    # The same call over the same data goes on with the session that it opened before.
    with named(function):
        CACHE.get_or_make(handle, lambda: _session(events, wanted, blob[0]))
    return pa.array([handle])


def _session(events: dict[str, pl.Series], wanted: dict[str, Any], blob: pa.Scalar) -> Session:
    if wanted["options"]["function"] == "explain":
        return _explaining(events, wanted, blob)
    request = request_of(events, wanted)
    return Session(request, _model(request, wanted, blob))


def _explaining(events: dict[str, pl.Series], wanted: dict[str, Any], blob: pa.Scalar) -> Session:
    """Return a session of a stored model, which says what predictions are asked for."""
    given, more = wanted["options"], wanted["options"]["more"]
    check_explained(blob, wanted["model"], more["task"], OF_BEHAVIOUR)
    check_no_id(more)
    top = check_top(more)
    model = _restored(wanted, blob, OF_BEHAVIOUR, MADE_BY)
    if model.per != given["per"]:
        raise OptionError(
            f"the model is for per := '{model.per}', not for '{given['per']}'; write per := "
            f"'{model.per}'"
        )
    if given["seconds"] not in (DEFAULT, model.horizon):
        raise OptionError(
            f"horizon := {given['horizon'] or 'NULL'} is not the model's, which is INTERVAL "
            f"{model.horizon / DAY:g} DAY; leave horizon out"
        )
    asked = {"task": model.task, "seconds": model.horizon, "method": "auto", "threshold": 0.5}
    request = request_of(events, {**wanted, "options": {**given, **asked, "seed": 0}})
    return Session(request, model, top)


def _handle(frame: pl.DataFrame, text: str, model: Any) -> str:
    """Return what differs between calls, whatever the order of the rows."""
    digest = hashlib.blake2b(model, digest_size=20).hexdigest()
    return f"behaviour:{content_key(unordered_content(frame), [text, digest])}"


def _model(request: Request, wanted: dict[str, Any], blob: pa.Scalar) -> BehaviourModel | None:
    if wanted["model"] != NOTHING:
        return _stored(request, wanted, blob)
    if len(request.log.frame):
        return _fitted(request)
    if wanted["options"]["function"] in TRAINING:
        raise DataError("there is nothing to train on: no row has a user and a time")
    return None


def _stored(request: Request, wanted: dict[str, Any], blob: pa.Scalar) -> BehaviourModel:
    model = _restored(wanted, blob, (request.task,), f"train_{request.task}_model(...)")
    if model.per != request.per:
        raise OptionError(f"the model is for per := '{model.per}', not for '{request.per}'")
    name, default = HORIZONS[request.task]
    if request.horizon not in (default, model.horizon):
        raise OptionError(
            f"the model is for {name} := INTERVAL {model.horizon / DAY:g} DAY; leave {name} "
            f"out, or train another"
        )
    return model


def _restored(
    wanted: dict[str, Any], blob: pa.Scalar, tasks: tuple[str, ...], made_by: str
) -> BehaviourModel:
    from ecomsql.models.behaviour_model import BehaviourModel

    _, model = stored_model(
        f"{' or '.join(tasks)} model",
        blob,
        wanted["model_rows"],
        given=f"model := '{wanted['model']}'",
        made_by=made_by,
        restore=lambda content: BehaviourModel.restored(from_blob(content, tasks=tasks)),
    )
    return model


def _fitted(request: Request) -> BehaviourModel:
    """Fit a model, unless the same was fitted before and is still in the cache."""
    from ecomsql.features.event_log import CART
    from ecomsql.models.behaviour_fitting import fit_behaviour

    frame = request.log.frame
    if request.per == "user_item" and CART not in frame["kind"]:
        raise DataError(
            "per := 'user_item' is about items in the cart, and no event puts one there; name "
            "event_col, and how it calls that with cart"
        )
    # What comes after the last event is not known, and not to be learned as silence.
    end = min(request.cut, float(np.nextafter(request.log.last, np.inf)))
    arrays = [column.to_numpy() for column in frame.iter_columns()]
    how = [request.task, request.horizon, end, request.per, request.method, request.seed]
    key = "fit behaviour:" + content_key(arrays, how)
    fit = partial(
        fit_behaviour,
        request.task,
        request.log,
        horizon=request.horizon,
        end=end,
        per=request.per,
        method=request.method,
        seed=request.seed,
    )
    return CACHE.get_or_make(key, fit)
