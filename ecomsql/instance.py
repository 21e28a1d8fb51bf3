"""A database instance, and how a UDF can look at its committed tables while a query binds.

A macro's columns are fixed when it binds, before any row is read. What columns a prediction has
depends on the model, which is a row: so a UDF that is called while the query binds reads it, over a
connection of its own. It sees what is committed: no temporary tables and no CTEs.
"""

from __future__ import annotations

import itertools
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import duckdb

from ecomsql.ending import before as before_the_end


class Instance:
    """The connections of an instance that ecomsql was registered on, held weakly."""

    def __init__(self) -> None:
        self.number = next(_numbers)
        """Tells instances of the process apart; 1 and up."""
        self.functions: list[Callable[..., Any]] = []
        self._lock = threading.Lock()
        self._connections: list[weakref.ref[duckdb.DuckDBPyConnection]] = []

    def add(self, con: duckdb.DuckDBPyConnection) -> None:
        """Remember a connection for as long as its owner keeps it."""
        with self._lock:
            alive = [one for one in self._connections if one() is not None]
            self._connections = [weakref.ref(con), *(one for one in alive if one() is not con)]

    def interrupt(self) -> None:
        """End what runs on the connections."""
        with self._lock:
            connections = [reference() for reference in self._connections]
        for con in connections:
            # Nothing runs on one that is closed.
            with suppress(duckdb.ConnectionException):
                if con is not None:
                    con.interrupt()

    def read(self, query: str, values: list[Any]) -> list[tuple[Any, ...]] | None:
        """Return the rows of a query in a transaction of its own, or None where it fails."""
        with self._lock:
            connections = list(self._connections)
        for reference in connections:
            con = reference()
            if con is None:
                continue
            try:
                with con.cursor() as cursor:
                    rows: list[tuple[Any, ...]] = cursor.execute(query, values).fetchall()
            except duckdb.Error:
                # Closed, or the relation is one that only the caller's connection sees.
                continue
            return rows
        return None


_numbers = itertools.count(1)

# DuckDB keeps a UDF's address and not its object: what a UDF is made of stays for good.
_instances: dict[str, Instance] = {}
_lock = threading.Lock()


def instance(token: str) -> Instance:
    """Return the instance whose catalog holds `token`, always the same object."""
    with _lock:
        return _instances.setdefault(token, Instance())


def _interrupt() -> None:
    for one in list(_instances.values()):
        one.interrupt()


before_the_end(_interrupt)
