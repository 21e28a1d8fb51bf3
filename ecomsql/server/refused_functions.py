"""Functions that a confined server does not run, wherever they stand in a query.

``FROM enable_logging(storage := 'file', ...)`` is a query like any other, and no query succeeds
after it where files may not be written. ``FROM quack_serve('quack:0.0.0.0', ...)`` opens a port,
``quack_stop`` closes one. ``query`` runs a text that is put together only then.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb

_REFUSED = re.compile(
    r"quack_\w+|query|enable_logging|disable_logging|write_log|truncate_duckdb_logs"
    r"|(?:force_)?checkpoint|enable_profil\w+|sql_auto_complete"
)
_WORD = re.compile(r"\w+")

_lock = threading.Lock()


def refused_call(sql: str) -> str | None:
    """Return the name of a function in `sql` that clients may not call, or None.

    Parameters
    ----------
    sql : str
        Statements that parse.
    """
    words = [word for word in _WORD.findall(sql.lower()) if _REFUSED.fullmatch(word)]
    if not words:
        return None
    with _lock:
        [(text,)] = _parser().execute("SELECT json_serialize_sql(?)", [sql]).fetchall()
    tree = json.loads(text)
    # DuckDB gives the tree of queries alone; of EXPLAIN and others, any word counts.
    called = words if tree["error"] else _called(tree)
    return next((name for name in called if _REFUSED.fullmatch(name)), None)


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """Return a database of its own: one on the server's would keep that open."""
    return duckdb.connect(config={"threads": 1})


def _called(tree: Any) -> Iterator[str]:
    """Yield the names of the functions in a tree."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if "function_name" in node:
                yield str(node["function_name"]).lower()
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
