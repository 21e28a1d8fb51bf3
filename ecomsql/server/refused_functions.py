"""Functions that a server does not run, and what writes, wherever they stand in a query.

``FROM enable_logging(storage := 'file', ...)`` is a query like any other, and no query succeeds
after it where files may not be written. ``FROM quack_serve('quack:0.0.0.0', ...)`` opens a port,
``quack_stop`` closes one. ``query`` and ``json_execute_serialized_sql`` run what is put together
only then. ``WITH x AS (COPY t TO 'file') SELECT 1`` is a query too, from DuckDB 2.0 on.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb

_CRASHING = re.compile(r"pandas_scan|(?:python_)?arrow_scan(?:_dumb)?|python_map_function")
"""They take addresses in memory: DuckDB 1.5 ends the process at ``FROM pandas_scan(NULL)``."""

_REFUSED = re.compile(
    r"quack_\w+|query|json_execute_serialized_sql|enable_logging|disable_logging|write_log"
    r"|truncate_duckdb_logs|(?:force_)?checkpoint|enable_profil\w+|disable_profil\w+"
    r"|sql_auto_complete|(?:create|register|deregister|destroy)_external_resource\w*"
)
"""They reach beyond a session, or hide what is run."""

_COUNTING = re.compile(r"nextval|setval")
"""They change a sequence."""

_WRITES = frozenset("insert update delete truncate merge copy".split())
_READING_NODES = frozenset("SELECT_NODE SET_OPERATION_NODE RECURSIVE_CTE_NODE CTE_NODE".split())
_WORD = re.compile(r"\w+")

_lock = threading.Lock()


def crashing_call(sql: str) -> str | None:
    """Return the name of a function that no client of any server may call, or None."""
    return _call(sql, _CRASHING)


def refused_call(sql: str) -> str | None:
    """Return the name of a function in `sql` that clients may not call, or None.

    Parameters
    ----------
    sql : str
        Statements that parse.
    """
    return _call(sql, _REFUSED)


def writing_part(sql: str) -> str | None:
    """Return what writes in a query that looks like one that reads, or None.

    Parameters
    ----------
    sql : str
        A query. Anything else that has a word of those that write counts as writing.
    """
    found: str | None = next((word for word in _WORD.findall(sql.lower()) if word in _WRITES), None)
    if found is None:
        return _call(sql, _COUNTING)
    tree = _tree(sql)
    if tree["error"]:
        return str(found).upper()
    named = (str(node.get("type")) for node in _nodes(tree))
    kinds: Iterator[str] = (kind for kind in named if kind.endswith("_NODE"))
    writes = next((kind for kind in kinds if kind not in _READING_NODES), None)
    return str(writes).partition("_")[0] if writes else _call(sql, _COUNTING)


def _call(sql: str, refused: re.Pattern[str]) -> str | None:
    words = [word for word in _WORD.findall(sql.lower()) if refused.fullmatch(word)]
    if not words:
        return None
    tree = _tree(sql)
    # DuckDB gives the tree of queries alone; of EXPLAIN and others, any word counts.
    called = words if tree["error"] else _called(tree)
    return next((name for name in called if refused.fullmatch(name)), None)


def _tree(sql: str) -> Any:
    with _lock:
        [(text,)] = _parser().execute("SELECT json_serialize_sql(?)", [sql]).fetchall()
    return json.loads(text)


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """Return a database of its own: one on the server's would keep that open."""
    return duckdb.connect(config={"threads": 1})


def _called(tree: Any) -> Iterator[str]:
    """Yield the names of the functions in a tree."""
    return (str(node["function_name"]).lower() for node in _nodes(tree) if "function_name" in node)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
