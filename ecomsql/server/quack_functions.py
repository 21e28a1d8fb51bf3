"""Finds calls of the functions of Quack itself, with which a client could end the server.

``FROM quack_serve('quack:0.0.0.0', ...)`` is a query like any other: it opens a port, and
``quack_stop`` closes one. ``query`` runs a text that is put together only then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb

_OURS = re.compile(r"quack_\w+|query")

_WORD = re.compile(r"\w+")


def refused_call(parser: duckdb.DuckDBPyConnection, sql: str) -> str | None:
    """Return the name of a function in `sql` that clients may not call, or None.

    Parameters
    ----------
    parser : duckdb.DuckDBPyConnection
        Any connection; it reads the query and does not run it.
    sql : str
        Statements that parse.
    """
    [(text,)] = parser.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()
    tree = json.loads(text)
    # DuckDB gives the tree of queries alone; of EXPLAIN and others, any word counts.
    words = _WORD.findall(sql.lower()) if tree["error"] else _called(tree)
    return next((word for word in words if _OURS.fullmatch(word)), None)


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
