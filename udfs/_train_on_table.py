"""Trains a classifier or a regressor over the rows of a table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa

from ecomsql import options as check
from ecomsql import roles
from ecomsql.errors import ColumnError, DataError, OptionError, did_you_mean, listed
from ecomsql.udf import udf

from ._calls import named
from ._tables import rows_of
from ._training_row import RETURNS, training_row

if TYPE_CHECKING:
    from ecomsql.features.table import Rows
    from ecomsql.models.target import Target

CLASSES = 100
"""Classes at most: more are rather numbers, or ids."""

BEST_FOR = ("f1", "balanced")
"""What a threshold may be chosen for."""


@udf("_train_on_table", None, RETURNS, by_row=True)
def train_on_table(*columns: pa.Array) -> pa.Array:
    """Return the row of the model that learned from the single row's lists.

    The columns are a document of options, the labels as text, and the data's own.
    """
    document, labels, *cells = columns
    wanted: dict[str, Any] = json.loads(document[0].as_py())
    with named(wanted["options"]["function"]):
        return _trained([one.flatten() for one in cells], labels.flatten(), wanted)


def _trained(cells: list[pa.Array], labels: pa.Array, wanted: dict[str, Any]) -> pa.Array:
    from ecomsql.features.row_order import row_order
    from ecomsql.features.table import Schema
    from ecomsql.models.table_fitting import fit_table, methods

    given = wanted["options"]
    names = wanted["columns"] or []
    target = roles.resolve(names, required={"target": wanted["target"]}, optional={})["target"]
    at = names.index(target)
    # Options are checked before there is anything to wait for.
    method = check.choice("method", given["method"], methods())
    seed = check.whole("seed", given["seed"], at_least=0)
    tune = check.flag("tune", given["tune"])
    trials = check.whole("trials", given["trials"], at_least=1)
    threshold = _threshold(given.get("threshold", 0.5))
    places = _places(names, given["features"], at)
    if wanted["types"] is None:
        raise DataError("there is nothing to train on: the data has no rows")
    rows = rows_of(cells, names, wanted["types"])
    goal, classes, there = _goal(rows, at, pl.Series(labels, dtype=pl.String), given)
    rows = rows.keep(there)
    schema = Schema.fit(rows, places)
    table = schema.table(rows, schema.places(names))
    order = row_order([*table.values.T, goal.values], seed=seed)
    model = fit_table(
        method,
        schema,
        table.take(order),
        goal.take(order),
        classes=classes,
        seed=seed,
        tune=tune,
        trials=trials,
        threshold=threshold,
        options=given["method_options"],
    )
    own = {name: value for name, value in given["method_options"].items() if value is not None}
    chosen = {"target": target, "method": method, "seed": seed, "features": schema.names, **own}
    chosen["label_type"] = wanted["types"][at] if classes else "DOUBLE"
    if tune:
        chosen |= {"tune": True, "trials": trials}
    if classes:
        chosen["threshold"] = threshold
    return training_row(model.stored(), rows=len(table), options=chosen, metrics=model.metrics)


def _threshold(value: Any) -> float | str:
    """Return a probability, or the name of the measure that it is to be the best for."""
    if isinstance(value, str):
        return check.choice("threshold", value, BEST_FOR)
    return check.number("threshold", value, low=0, high=1)


def _places(names: list[str], features: Any, target: int) -> list[int]:
    """Return the places of the columns to learn from."""
    if features is None:
        return [at for at in range(len(names)) if at != target]
    if not isinstance(features, list) or not features:
        raise OptionError("features is a list of column names: features := ['price', 'country']")
    by_lower = {name.lower(): at for at, name in enumerate(names)}
    missing = [str(one) for one in features if str(one).lower() not in by_lower]
    if missing:
        raise ColumnError(
            f"no column '{missing[0]}' for features; the columns are: {listed(names)}"
            f"{did_you_mean(missing[0], names)}"
        )
    places = list(dict.fromkeys(by_lower[str(one).lower()] for one in features))
    if target in places:
        raise OptionError(f"features holds the target '{names[target]}' itself")
    return places


def _goal(
    rows: Rows, at: int, labels: pl.Series, given: dict[str, Any]
) -> tuple[Target, tuple[str, ...], np.ndarray]:
    """Return what to learn, the names of the classes, and which rows have a label."""
    from ecomsql.features.table import kind_of
    from ecomsql.models.target import Target

    name, kind = rows.names[at], kind_of(rows.types[at])
    if given["function"] == "train_classifier":
        classes = _classes(name, labels, kind, given)
        there = labels.is_not_null().to_numpy()
        codes = labels.drop_nulls().cast(pl.Enum(list(classes))).to_physical()
        return Target(codes.cast(pl.Float64).to_numpy(), len(classes)), classes, there
    values = rows.number(at)
    if kind != "number":
        raise DataError(
            f"the target '{name}' is {rows.types[at]}, not a number; cast it, or use "
            f"train_classifier to tell classes apart"
        )
    there = ~np.isnan(values)
    if np.isinf(values).any():
        raise DataError(f"the target '{name}' holds infinite numbers")
    if there.sum() < 2:
        raise DataError(f"there is nothing to train on: fewer than two rows have a '{name}'")
    return Target(values[there], 0), (), there


def _classes(name: str, labels: pl.Series, kind: str, given: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the classes in order; of two, the positive one last."""
    found = sorted(str(one) for one in labels.drop_nulls().unique())
    if len(found) < 2:
        only = f"one class ('{found[0]}')" if found else "no label"
        raise DataError(
            f"the target '{name}' has {only} in all rows: there is nothing to tell apart"
        )
    if len(found) > CLASSES:
        raise DataError(
            f"the target '{name}' has {len(found)} different values, more than {CLASSES} classes; "
            f"use train_regressor for numbers"
        )
    is_number = kind == "number" and not {"true", "false"} >= set(found)
    ordered = sorted(found, key=float) if is_number else sorted(found)
    if given["threshold"] != 0.5 and len(found) > 2:
        raise OptionError(f"threshold is for two classes, and '{name}' has {len(found)}")
    positive = given["positive"]
    if positive is None:
        return tuple(ordered)
    if len(found) > 2:
        raise OptionError(f"positive is for two classes, and '{name}' has {len(found)}")
    last = check.choice("positive", str(positive).lower(), [one.lower() for one in found])
    return tuple(sorted(ordered, key=lambda one: one.lower() == last))
