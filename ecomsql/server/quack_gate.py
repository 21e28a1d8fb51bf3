"""What stands between Quack's clients and the database: the server's policy, and the search path.

Quack asks a function about each query and runs the text that it returns. This one refuses what the
policy forbids, and puts a SET before the first query of each client, because DuckDB has no search
path for new connections.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

import duckdb
import pyarrow as pa

from ecomsql.errors import QuackError
from ecomsql.server.policy import ForbiddenError, Policy

NAME = "_ecomsql_quack_gate"
"""The function, in SQL."""

SETTING = "quack_authorization_function"

MOST = 10_000
"""Clients remembered. One that is forgotten gets the search path again."""

# DuckDB keeps a function's address and not its object.
_kept: list[Gate] = []


class Gate:
    """Answers for one instance.

    Parameters
    ----------
    policy : Policy
        What clients may do.
    search_path : str
        What clients start with.
    """

    def __init__(self, policy: Policy, search_path: str) -> None:
        self._policy = policy
        # Reads statements. One of the database's own would keep it open.
        self._parser = duckdb.connect(config={"threads": 1})
        self._first = f"SET search_path = {_quoted(search_path)};\n"
        self._known: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def text(self, clients: pa.Array, queries: pa.Array) -> pa.Array:
        """Return what to run for queries of clients; NULL runs nothing."""
        pairs = zip(clients.to_pylist(), queries.to_pylist(), strict=True)
        with self._lock:
            return pa.array([self._one(client, query) for client, query in pairs], pa.string())

    def _one(self, client: str, query: str) -> str | None:
        refused = self._refusal(query)
        if refused is not None:
            return refused or None
        if client in self._known:
            self._known.move_to_end(client)
            return query
        self._known[client] = None
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return self._first + query

    def _refusal(self, query: str) -> str | None:
        """Return a query that says why another is not run, '' for nothing at all, None for yes."""
        try:
            statements = self._parser.extract_statements(query)
            kinds = {statement.type.name for statement in statements}
            for statement in statements:
                self._policy.check(statement)
        except ForbiddenError as error:
            # Rows that a client sends are announced as an INSERT, which runs whatever it is told.
            return "" if "INSERT" in kinds else f"SELECT error({_quoted(str(error))})"
        except duckdb.Error:
            # No SQL: DuckDB says so better.
            return None
        except ValueError:
            # A type of statement that this Python does not know.
            return "" if self._policy.is_confined else None
        return None


def install(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Put a gate before the clients of the instance of `con`; there is one at most.

    Raises
    ------
    QuackError
        The init file, say, has put another function there.
    duckdb.Error
        The configuration is locked.
    """
    [(path, usual)] = con.execute(
        "SELECT current_setting('search_path'), current_setting(?)", [SETTING]
    ).fetchall()
    if usual == NAME:
        return
    if usual != "quack_nop_authorization":
        raise QuackError(f"{SETTING} is '{usual}', and has to be the function of ecomsql; RESET it")
    gate = Gate(policy, path)
    _kept.append(gate)
    con.create_function(  # type: ignore[call-overload]
        NAME,
        gate.text,
        [duckdb.sqltype("VARCHAR"), duckdb.sqltype("VARCHAR")],
        duckdb.sqltype("VARCHAR"),
        type="arrow",
        side_effects=True,
    )
    con.execute(f"SET GLOBAL {SETTING} = '{NAME}'")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
