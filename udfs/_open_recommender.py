"""Opens what a recommending function needs over its pairs, and gives SQL a handle to it."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pyarrow as pa

from ecomsql.cache import CACHE, content_key
from ecomsql.errors import ModelError
from ecomsql.udf import udf

from ._calls import named, unordered_content
from ._recommending import Request, coded_frame, columns_of

TAKES = (
    "INTEGER[]",
    "INTEGER[]",
    "DOUBLE[]",
    "DOUBLE[]",
    "BOOLEAN[]",
    "INTEGER",
    "INTEGER",
    "VARCHAR",
    "VARCHAR",
)


@udf("_open_recommender", TAKES, "VARCHAR", by_row=True)
def open_recommender(
    users: pa.Array,
    items: pa.Array,
    times: pa.Array,
    weights: pa.Array,
    is_test: pa.Array,
    n_users: pa.Array,
    n_items: pa.Array,
    loaded: pa.Array,
    document: pa.Array,
) -> pa.Array:
    """Return the handle of a session over the pairs of the single row.

    The session is made by ``open_session`` in the UDF module of the function that was called.
    """
    text = document[0].as_py()
    wanted: dict[str, Any] = json.loads(text)
    function = wanted["options"]["function"]
    with named(function):
        columns = columns_of(wanted)
        _check_ids(wanted)
        frame = coded_frame(users, items, times, weights, is_test, columns=columns)
        request = Request(
            frame=frame,
            n_users=n_users[0].as_py(),
            n_items=n_items[0].as_py(),
            columns=columns,
            options=wanted["options"],
            test=wanted["test"],
            model=loaded[0].as_py(),
        )
        handle = _handle(request, text)
        # The same call over the same data goes on with the session that it opened before.
        module = importlib.import_module(f".{function}", __package__)
        CACHE.get_or_make(handle, lambda: module.open_session(request))
    return pa.array([handle])


def _handle(request: Request, text: str) -> str:
    sizes = [request.n_users, request.n_items]
    return f"session:{content_key(unordered_content(request.frame), [text, request.model, *sizes])}"


def _check_ids(wanted: dict[str, Any]) -> None:
    if wanted["foreign_ids"]:
        raise ModelError(
            f"{wanted['foreign_ids']} of the model's item ids cannot be read as the type of the "
            f"column '{wanted['roles']['item_col']}' of the data"
        )
