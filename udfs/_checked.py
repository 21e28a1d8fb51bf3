"""Checks the arguments of a function that is SQL alone, before it reads its data."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pyarrow as pa

from ecomsql.udf import udf

from ._calls import named


@udf("_checked", ("VARCHAR",), "VARCHAR")
def checked(documents: pa.Array) -> pa.Array:
    """Return the checked options of each call as JSON.

    A document holds the ``function``, the ``columns`` of its data, and what it was given. The UDF
    module of the function says with ``check`` what is allowed.
    """
    return pa.array([_answer(json.loads(text)) for text in documents.to_pylist()], pa.string())


def _answer(call: dict[str, Any]) -> str:
    function = call["function"]
    with named(function):
        module = importlib.import_module(f".{function}", __package__)
        return json.dumps(module.check(call))
