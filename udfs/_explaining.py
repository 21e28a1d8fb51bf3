"""What the ways to explain a model share: which is for what, and errors that say so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from ecomsql import options
from ecomsql.errors import ModelError, OptionError
from ecomsql.storage import described

from ._calls import NOTHING

OF_TABLES = ("classification", "regression")
OF_BEHAVIOUR = ("purchase", "churn")
OF_VALUE = ("ltv",)
TASKS = (*OF_TABLES, *OF_BEHAVIOUR, *OF_VALUE)
"""What models can be explained."""
MADE_BY = (
    "train_classifier(...), train_regressor(...), train_purchase_model(...), "
    "train_churn_model(...) or train_ltv_model(...)"
)


def check_explained(
    blob: pa.Scalar, relation: str, given: str | None, tasks: tuple[str, ...]
) -> None:
    """Raise ModelError where a model is not one of `tasks`, for which the query was made.

    Parameters
    ----------
    blob : BLOB scalar
        NULL says nothing.
    relation : str
        Where the model is.
    given : str or None
        The task that the user named.
    tasks : tuple of str
        What is explained this way.
    """
    if relation == NOTHING:
        raise ModelError(
            f"give a model: model := 'm', the name of a table made with CREATE TABLE m AS FROM "
            f"{MADE_BY}"
        )
    if not blob.is_valid:
        return
    task, values = described(blob.as_buffer().to_pybytes())
    wanted = tasks if given is None else (given.lower(),)
    if task in wanted:
        return
    if given is not None or task not in TASKS:
        named = " or ".join(f"'{one}'" for one in ([given] if given else TASKS))
        raise ModelError(f"the model is for the task '{task}', not for {named}")
    per = ", per := 'user_item'" if _per(values) == "user_item" else ""
    raise ModelError(
        f"the model is for the task '{task}', which cannot be seen beforehand when it is in a "
        f"temporary table, a CTE, an open transaction or another schema: add task := '{task}'"
        f"{per}, or commit it to a table"
    )


def check_no_id(given: Mapping[str, Any]) -> None:
    """Raise OptionError where a column of ids is named, and the ids are users."""
    if given["id_col"] is not None:
        raise OptionError(
            f"id_col := '{given['id_col']}' is for models of tables; the ids of this model are its "
            f"users: name user_col"
        )


def check_top(given: Mapping[str, Any]) -> int:
    """Return how many features a row are wanted."""
    return options.whole("top", given["top"], at_least=1)


def _per(values: Mapping[str, Any]) -> Any:
    behaviour = values.get("behaviour")
    return behaviour.get("per") if isinstance(behaviour, dict) else None
