"""What clients may do, beyond what DuckDB itself forbids."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ecomsql.errors import EcomsqlError


class ForbiddenError(EcomsqlError):
    """The server does not allow this."""


_READING = frozenset(
    {"SELECT", "EXPLAIN", "TRANSACTION", "SET", "VARIABLE_SET", "PREPARE", "EXECUTE", "RELATION"}
)
"""Types of statements that a server for reading runs."""

_QUERY = re.compile(
    r"\s*(?:EXPLAIN(?:\s+ANALYZE)?(?:\s*\([^()]*\))?|PREPARE\s+\S+(?:\s*\([^()]*\))?\s+AS)\s+"
    r"[\s(]*(?:SELECT|FROM|WITH|VALUES|TABLE|DESCRIBE|SHOW|SUMMARIZE)\b",
    re.IGNORECASE,
)
"""EXPLAIN ANALYZE and PREPARE run what is behind them, which has to be a query."""

_DROPS_PREPARED = re.compile(r"\s*DEALLOCATE\b", re.IGNORECASE)


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

    def apply(self, con: duckdb.DuckDBPyConnection) -> None:
        """Let DuckDB hold the rules itself, for good."""
        if not self.read_only and not self.folders:
            return
        folders = [f"{folder.resolve()}/" for folder in self.folders]
        listed = ", ".join("'" + folder.replace("'", "''") + "'" for folder in folders)
        con.execute(f"SET allowed_directories = [{listed}]")
        con.execute("SET enable_external_access = false")
        con.execute("SET autoinstall_known_extensions = false")
        con.execute("SET autoload_known_extensions = false")

    def lock(self, con: duckdb.DuckDBPyConnection) -> None:
        """Forbid that the rules are changed."""
        if self.read_only or self.folders:
            con.execute("SET lock_configuration = true")

    def check(self, statement: duckdb.Statement) -> None:
        """Raise ForbiddenError for a statement that a server for reading does not run."""
        if not self.read_only:
            return
        kind, sql = statement.type.name, statement.query
        if kind == "DROP" and _DROPS_PREPARED.match(sql):
            return
        if kind in ("EXPLAIN", "PREPARE") and not _QUERY.match(sql):
            raise ForbiddenError("the server is read-only: EXPLAIN and PREPARE take queries")
        if kind not in _READING:
            raise ForbiddenError(f"the server is read-only and does not run {kind}")
