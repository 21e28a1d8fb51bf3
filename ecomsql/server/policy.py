"""What clients may do, beyond what DuckDB itself forbids."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ecomsql import reading
from ecomsql.errors import EcomsqlError
from ecomsql.server.refused_functions import crashing_call, refused_call, writing_part


class ForbiddenError(EcomsqlError):
    """The server does not allow this."""


_READING = frozenset({"SELECT", "EXPLAIN", "TRANSACTION", "SET", "PREPARE", "EXECUTE", "RELATION"})
"""Types of statements that a server for reading runs."""

_QUERY = re.compile(
    r"\s*(?:EXPLAIN(?:\s+ANALYZE)?(?:\s*\([^()]*\))?|PREPARE\s+\S+(?:\s*\([^()]*\))?\s+AS)\s"
    r"(?P<query>[\s(]*+(?:SELECT|FROM|WITH|VALUES|TABLE|DESCRIBE|SHOW|SUMMARIZE)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
"""EXPLAIN ANALYZE and PREPARE run what is behind them, which has to be a query."""

_DROPS_PREPARED = re.compile(r"\s*DEALLOCATE\b", re.IGNORECASE)

_SETS = re.compile(
    r"\s*(?:USE\s|(?:SET|RESET)\s+VARIABLE\s"
    r"|(?:SET|RESET)\s+(?:(?:SESSION|LOCAL)\s+)?(?P<name>\"?\w+\"?))",
    re.IGNORECASE,
)

_SETTINGS = frozenset(
    "timezone calendar search_path schema default_order default_null_order null_order"
    " integer_division ieee_floating_point_ops scalar_subquery_error_on_multiple_rows"
    " custom_user_agent".split()
)
"""Settings that change what a session sees, and nothing of the server."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules of a server.

    Parameters
    ----------
    read_only : bool
        Nothing is written, in the database or to files, and nothing attached or installed.
    folders : list of Path
        Where files may be read from; everywhere if there is none and `read_only` is off.
    """

    read_only: bool = False
    folders: list[Path] = field(default_factory=list)

    @property
    def is_confined(self) -> bool:
        """Whether clients may do less than the server itself."""
        return self.read_only or bool(self.folders)

    def apply(self, con: duckdb.DuckDBPyConnection) -> None:
        """Let DuckDB hold the rules itself, for good: nobody can switch them off again."""
        if not self.is_confined:
            return
        folders = [f"{folder.resolve()}/" for folder in self.folders]
        listed = ", ".join("'" + folder.replace("'", "''") + "'" for folder in folders)
        con.execute("SET autoinstall_known_extensions = false")
        con.execute("SET autoload_known_extensions = false")
        con.execute(f"SET allowed_directories = [{listed}]")
        con.execute("SET enable_external_access = false")
        reading.confine(self.folders)

    def check(self, statement: duckdb.Statement, text: str = "") -> None:
        """Raise ForbiddenError for a statement that the server does not run.

        Parameters
        ----------
        statement : duckdb.Statement
            What is to run.
        text : str
            What the client sent: DuckDB 1.5 has no text of the statements that a PIVOT becomes.
        """
        kind, sql = statement.type.name, statement.query or text
        called = crashing_call(sql)
        if called is not None:
            raise ForbiddenError(f"the server does not run {called}")
        if not self.is_confined:
            return
        if kind == "SET":
            _check_setting(sql)
        elif self.read_only:
            _check_reading(kind, sql)
        called = refused_call(sql)
        if called is not None:
            raise ForbiddenError(f"the server is {self._name} and does not run {called}")

    @property
    def _name(self) -> str:
        return "read-only" if self.read_only else "confined"


def _check_setting(sql: str) -> None:
    found = _SETS.match(sql)
    name = (found["name"] or "").strip('"').lower() if found else None
    if name is None or (name and name not in _SETTINGS):
        raise ForbiddenError(f"the server does not let clients change {name or 'this setting'}")


def _check_reading(kind: str, sql: str) -> None:
    if kind == "DROP" and _DROPS_PREPARED.match(sql):
        return
    if kind not in _READING:
        raise ForbiddenError(f"the server is read-only and does not run {kind}")
    query = sql
    if kind in ("EXPLAIN", "PREPARE"):
        found = _QUERY.match(sql)
        if found is None:
            raise ForbiddenError("the server is read-only: EXPLAIN and PREPARE take queries")
        query = found["query"]
    writes = writing_part(query) if kind != "EXECUTE" else None
    if writes is not None:
        raise ForbiddenError(f"the server is read-only and does not run {writes}")
