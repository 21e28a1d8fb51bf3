"""Opens what the functions of lifetime value need over orders, and gives SQL a handle to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa

from ecomsql import options, roles
from ecomsql.cache import CACHE, content_key
from ecomsql.errors import ColumnError, DataError, OptionError, did_you_mean, listed
from ecomsql.features.calendar import DAY
from ecomsql.udf import udf

from ._calls import NOTHING, named, stored_model, unordered_content
from ._explaining import OF_VALUE, check_explained, check_no_id, check_top

if TYPE_CHECKING:
    from ecomsql.models.lifetime_value import LifetimeValue

LARGEST = 1e15
"""Amounts of money up to this add up without losing cents that matter."""
SHOWN = 12
"""Kinds of events that an error lists, at most."""
TAKES = ("INTEGER[]", "DOUBLE[]", "DOUBLE[]", "BLOB", "BIGINT", "VARCHAR")


@dataclass(frozen=True, slots=True, eq=False)
class CustomerValues:
    """A model, the customers that it was asked about, and perhaps the answers.

    Attributes
    ----------
    model : LifetimeValue or None
        None where there was nothing to train on.
    rows : DataFrame
        One row a customer, by code, with the columns of the answer, or to explain it with the
        history; empty when training.
    orders : int
        Rows of the data that took part.
    options : mapping
        What the model was trained with, as JSON values; to explain, what was asked.
    """

    model: LifetimeValue | None
    rows: pl.DataFrame
    orders: int
    options: Mapping[str, Any]

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes; the model is counted where it is cached."""
        return int(self.rows.estimated_size())


@udf("_open_ltv", TAKES, "VARCHAR", by_row=True)
def open_ltv(
    users: pa.Array,
    times: pa.Array,
    amounts: pa.Array,
    blob: pa.Array,
    blobs: pa.Array,
    document: pa.Array,
) -> pa.Array:
    """Return the handle of a session over the orders of the single row."""
    wanted: dict[str, Any] = json.loads(document[0].as_py())
    function = wanted["options"]["function"]
    with named(function):
        more = _explaining(blob[0], wanted) if function == "explain" else {}
        columns = _columns(wanted)
        asked = _checked(wanted) | more
        orders = _orders(users, times, amounts, columns["value_col"])
        model = _stored(blob[0], blobs[0].as_py(), wanted["model"])
        content = content_key(unordered_content(orders), asked)
        handle = f"ltv:{content_key([], [content, function, model and model[0], columns])}"
        given = model and model[1]
        CACHE.get_or_make(handle, lambda: _opened(orders, asked, content, given, columns, function))
    return pa.array([handle])


def _opened(
    orders: pl.DataFrame,
    asked: Mapping[str, Any],
    content: str,
    model: LifetimeValue | None,
    columns: Mapping[str, str | None],
    function: str,
) -> CustomerValues:
    training = function.startswith("train_")
    if len(orders) == 0 and training:
        raise DataError("there is nothing to train on: no purchase with a user and a time")
    if len(orders) == 0:
        return CustomerValues(None, pl.DataFrame(), 0, {})
    if function == "explain":
        from ecomsql.features.customer_history import customer_history

        history = customer_history(orders, as_of=asked["as_of"])
        return CustomerValues(model, history, len(orders), asked)
    found = model or _fitted(orders, asked, content)
    chosen = {name: asked[name] for name in ("method", "seed", "horizon")}
    told = {**chosen, **{role: name for role, name in columns.items() if name}}
    rows = pl.DataFrame() if training else _answers(found, orders, asked)
    return CustomerValues(found, rows, len(orders), told)


def _fitted(orders: pl.DataFrame, asked: Mapping[str, Any], content: str) -> LifetimeValue:
    """Fit, unless the same was fitted before and is still in the cache."""
    from ecomsql.models.lifetime_fitting import fit_lifetime_value

    same = {name: asked[name] for name in ("method", "as_of", "days", "seed")}
    key = "fit-ltv:" + content_key(unordered_content(orders), same)
    fit = partial(
        fit_lifetime_value,
        asked["method"],
        orders,
        as_of=asked["as_of"],
        days=asked["days"],
        seed=asked["seed"],
    )
    return CACHE.get_or_make(key, fit)


def _answers(model: LifetimeValue, orders: pl.DataFrame, asked: Mapping[str, Any]) -> pl.DataFrame:
    from ecomsql.features.customer_history import SUMMARY, customer_history

    history = customer_history(orders, as_of=asked["as_of"])
    told = model.predict(history, days=asked["days"], discount=asked["discount"])
    return history.select(pl.col(SUMMARY)).hstack(told)


def _stored(blob: pa.Scalar, rows: int, relation: str) -> tuple[str, LifetimeValue] | None:
    """Return the digest and the model of a blob; None where no model was asked for."""
    from ecomsql.models.lifetime_value import TASK, LifetimeValue
    from ecomsql.storage import from_blob

    if relation == NOTHING:
        return None
    return stored_model(
        "ltv",
        blob,
        rows,
        given=f"model := '{relation}'",
        made_by="train_ltv_model(...)",
        restore=lambda content: LifetimeValue.restored(from_blob(content, tasks=(TASK,))),
    )


def _explaining(blob: pa.Scalar, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the further options of explain, checked."""
    given = wanted["options"]["more"]
    check_explained(blob, wanted["model"], given["task"], OF_VALUE)
    check_no_id(given)
    if given["price_col"] is not None:
        raise OptionError(
            f"price_col := '{given['price_col']}' is for models of purchases and churn; the column "
            f"of money of this one is value_col"
        )
    return {"top": check_top(given)}


def _columns(wanted: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the columns of the roles, or raise ColumnError."""
    given = wanted["roles"]
    named_by = {role: given[role] for role in ("user_col", "time_col", "value_col")}
    is_price = "price" in str(given["value_col"]).lower()
    canonical = {"quantity_col": "quantity" if is_price else None, "event_col": "event_type"}
    optional = {role: (given[role], name) for role, name in canonical.items() if given[role] != ""}
    return roles.resolve(wanted["columns"] or [], required=named_by, optional=optional)


def _checked(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options, or raise for what is wrong with them or with the data."""
    from ecomsql.models.lifetime_fitting import METHODS

    given, named_by = wanted["options"], wanted["roles"]
    asked = {
        "method": options.choice("method", given["method"], METHODS),
        "seed": options.whole("seed", given["seed"], at_least=0),
        "discount": options.number("discount", given["discount"], low=0.0, high=100.0),
        "horizon": wanted["horizon"],
    }
    if wanted["as_of"] is not None and not wanted["as_of_is_read"]:
        raise OptionError(f"as_of := '{wanted['as_of']}' is no date or timestamp")
    if wanted["horizon_type"] not in ("INTERVAL", "VARCHAR") or not wanted["horizon_is_read"]:
        raise OptionError(
            f"horizon := {wanted['horizon'] or 'NULL'} is no interval; write INTERVAL 30 DAY"
        )
    days = (wanted["horizon_seconds"] or 0.0) / DAY
    if days < 1:
        raise OptionError(
            f"horizon := '{wanted['horizon']}' is too short, or beyond the calendar; "
            f"take a day or more"
        )
    if wanted["timeless"]:
        raise DataError(
            f"time_col '{named_by['time_col']}' holds what is no date or timestamp "
            f"({wanted['timeless']} of {wanted['purchases']} purchases)"
        )
    if wanted["worthless"]:
        raise DataError(
            f"value_col '{named_by['value_col']}' or the quantity holds what is no number "
            f"({wanted['worthless']} of {wanted['purchases']} purchases)"
        )
    kinds = sorted(kind for kind in wanted["kinds"] or [] if kind is not None)
    if kinds and not wanted["purchases"]:
        event = wanted["purchase_event"]
        raise ColumnError(
            f"no event is a '{event}'; the events are: {listed(kinds[:SHOWN])}"
            + (", ..." if len(kinds) > SHOWN else "")
            + did_you_mean(str(event), kinds).replace("mean ", "mean purchase_event := ", 1)
        )
    return {**asked, "as_of": wanted["as_of_seconds"], "days": days}


def _orders(
    users: pa.Array, times: pa.Array, amounts: pa.Array, value_col: str | None
) -> pl.DataFrame:
    lists = {"user": users, "time": times, "amount": amounts}
    frame = pl.DataFrame(
        {name: one.flatten().to_numpy(zero_copy_only=False) for name, one in lists.items()}
    )
    bad = int(np.count_nonzero(~(np.abs(frame["amount"].to_numpy()) <= LARGEST)))
    if bad:
        raise DataError(
            f"value_col '{value_col}' holds money that is not finite, or above {LARGEST:g} "
            f"({bad} of {len(frame)} purchases)"
        )
    return frame
