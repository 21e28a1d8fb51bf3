"""Gives the connections of Quack's clients the search path that the functions are on.

DuckDB has no search path for new connections, but Quack asks a function about each query and runs
the text that it returns: this one puts a SET before the first query of each client.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

import duckdb
import pyarrow as pa

NAME = "_ecomsql_quack_welcome"
"""The function, in SQL."""

SETTING = "quack_authorization_function"

MOST = 10_000
"""Clients remembered. One that is forgotten gets the search path again."""

# DuckDB keeps a function's address and not its object.
_kept: list[Welcome] = []


class Welcome:
    """Answers for one instance."""

    def __init__(self, search_path: str) -> None:
        quoted = search_path.replace("'", "''")
        self._first = f"SET search_path = '{quoted}';\n"
        self._known: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def text(self, clients: pa.Array, queries: pa.Array) -> pa.Array:
        """Return what to run for queries of clients."""
        pairs = zip(clients.to_pylist(), queries.to_pylist(), strict=True)
        return pa.array([self._one(client, query) for client, query in pairs], pa.string())

    def _one(self, client: str, query: str) -> str:
        with self._lock:
            if client in self._known:
                self._known.move_to_end(client)
                return query
            self._known[client] = None
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        return self._first + query


def install(con: duckdb.DuckDBPyConnection) -> None:
    """Let new clients start with the search path of `con`.

    A function of the user's own in that setting stays: it is there to forbid queries.
    """
    [(path, usual)] = con.execute(
        "SELECT current_setting('search_path'), current_setting(?)", [SETTING]
    ).fetchall()
    if usual != "quack_nop_authorization":
        return
    welcome = Welcome(path)
    _kept.append(welcome)
    con.create_function(  # type: ignore[call-overload]
        NAME,
        welcome.text,
        [duckdb.sqltype("VARCHAR"), duckdb.sqltype("VARCHAR")],
        duckdb.sqltype("VARCHAR"),
        type="arrow",
        side_effects=True,
    )
    con.execute(f"SET GLOBAL {SETTING} = '{NAME}'")
