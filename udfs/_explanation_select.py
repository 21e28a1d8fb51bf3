"""Says, while a query binds, how a model is explained and what its ids are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ecomsql import options
from ecomsql.udf import udf

from ._calls import named
from ._explaining import OF_BEHAVIOUR, OF_VALUE, TASKS
from ._prediction_select import newest

if TYPE_CHECKING:
    from ecomsql.instance import Instance

ROWS = "FROM _ecomsql_of_rows"
USERS = "FROM _ecomsql_of_users"
PAIRS = "FROM _ecomsql_of_pairs"
VALUES = "FROM _ecomsql_of_values"


@udf("_explanation_select", ("VARCHAR", "VARCHAR", "VARCHAR"), "VARCHAR", reads=True)
def explanation_select(
    instance: Instance, models: pa.Array, tasks: pa.Array, pers: pa.Array
) -> pa.Array:
    """Return the last SELECT of explain, one of a fixed few, for each model's name.

    A model that cannot be seen yet is taken for one of a table, unless the user says what it is.
    """
    with named("explain"):
        found = [
            _select(instance, model.as_py(), task.as_py(), per.as_py())
            for model, task, per in zip(models, tasks, pers, strict=True)
        ]
    return pa.array(found, pa.string())


def _select(instance: Instance, model: str | None, task: str | None, per: str | None) -> str:
    wanted = None if task is None else options.choice("task", task, TASKS)
    rows = None if per is None else options.choice("per", per, ("user", "user_item"))
    seen, document = newest(instance, model)
    wanted = wanted or seen
    if wanted in OF_VALUE:
        return VALUES
    if wanted not in OF_BEHAVIOUR:
        return ROWS
    return PAIRS if (rows or _per(document)) == "user_item" else USERS


def _per(document: Any) -> Any:
    try:
        return json.loads(document)["per"]
    except (TypeError, ValueError, KeyError):
        return None
