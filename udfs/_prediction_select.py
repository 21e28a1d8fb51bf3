"""Says, while a query binds, which columns a model's predictions have."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ecomsql import options
from ecomsql.udf import udf

from ._calls import named

if TYPE_CHECKING:
    from ecomsql.instance import Instance

NEWEST = """
    SELECT arg_max(task, trained_at), arg_max(options::VARCHAR, trained_at)
    FROM query_table(?)
"""
DATA = "SELECT * EXCLUDE (_ecomsql_answer)"
SCORED = "FROM _ecomsql_scored"
NUMBER = f"{DATA}, _ecomsql_answer.number AS prediction {SCORED}"
CLASS = (
    f"{DATA}, CAST(_ecomsql_answer.label AS {{}}) AS prediction, "
    f"_ecomsql_answer.probability AS probability {SCORED}"
)
# A truth value as a number, too; text that is none is DuckDB's conversion error.
WANTED = (
    f"{DATA}, coalesce(TRY_CAST(_ecomsql_answer.label AS {{0}}), "
    "CAST(_ecomsql_answer.number AS {0}), CAST(CASE WHEN _ecomsql_answer.number IS NULL "
    "THEN _ecomsql_answer.label END AS {0})) AS prediction, "
    f"_ecomsql_answer.probability AS probability {SCORED}"
)
UNSEEN = (
    f"{DATA}, CASE WHEN _ecomsql_answer.number IS NULL AND _ecomsql_answer.label IS NOT NULL THEN "
    "CAST(error('predict: the model tells apart classes that are text. It is in a temporary table, "
    "a CTE, an open transaction or another schema, where its type cannot be seen beforehand: add "
    "prediction_type := ''VARCHAR'', or commit it to a table') AS DOUBLE) "
    "ELSE _ecomsql_answer.number END AS prediction, "
    f"_ecomsql_answer.probability AS probability {SCORED}"
)
PLAIN = (
    "BOOLEAN",
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
    "FLOAT",
    "DOUBLE",
    "DATE",
    "TIMESTAMP",
    "UUID",
    "VARCHAR",
)
"""Types that a prediction may have; classes of another type are text."""


@udf("_prediction_select", ("VARCHAR", "VARCHAR"), "VARCHAR", reads=True)
def prediction_select(instance: Instance, models: pa.Array, types: pa.Array) -> pa.Array:
    """Return the last SELECT of predict, one of a fixed few, for each model's name.

    A number model gives ``prediction DOUBLE``; a class model ``prediction`` in the type of its
    labels, and ``probability``. A model that cannot be seen yet gives DOUBLE and ``probability``.
    """
    with named("predict"):
        found = [
            _select(instance, model.as_py(), wanted.as_py())
            for model, wanted in zip(models, types, strict=True)
        ]
    return pa.array(found, pa.string())


def _select(instance: Instance, model: str | None, wanted: str | None) -> str:
    if wanted is not None:
        return WANTED.format(_type(options.choice("prediction_type", wanted.lower(), _lower())))
    task, document = newest(instance, model)
    if task is None:
        return UNSEEN
    if task != "classification":
        return NUMBER
    return CLASS.format(_type(_label_type(document)))


def newest(instance: Instance, model: str | None) -> tuple[str | None, Any]:
    """Return the task and the options of the newest model of a table; None where none is seen."""
    rows = instance.read(NEWEST, [model]) or [(None, None)]
    task, document = rows[0]
    return task, document


def _label_type(document: Any) -> str:
    try:
        return str(json.loads(document)["label_type"])
    except (TypeError, ValueError, KeyError):
        return "VARCHAR"


def _type(name: str) -> str:
    """Return the SQL type to cast classes to: never text that is not in this file."""
    upper = name.upper()
    decimal = re.fullmatch(r"DECIMAL\((\d{1,2}),(\d{1,2})\)", upper)
    if decimal:
        return f"DECIMAL({int(decimal[1])},{int(decimal[2])})"
    return next((one for one in PLAIN if one == upper), "VARCHAR")


def _lower() -> list[str]:
    return [one.lower() for one in PLAIN]
