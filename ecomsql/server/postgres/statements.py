"""Text of a client, statement by statement."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import duckdb
from duckdb.sqltypes import DuckDBPyType

READS = frozenset({"SELECT", "EXPLAIN", "CALL", "PRAGMA", "EXECUTE", "RELATION"})
"""Types of statements that answer with rows."""

CHANGES = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE_INTO", "CREATE", "DROP", "ALTER", "COPY"})
"""Types of statements that a transaction holds together."""


@dataclass(slots=True)
class Plan:
    """One statement, understood."""

    sql: str
    """As the client wrote it."""
    statement: duckdb.Statement | None = None
    """What DuckDB runs; None: nothing, or `command` is done instead."""
    command: Callable[[], Any] | None = None
    """Something that PostgreSQL has and DuckDB has not, done by the engine."""
    verb: str = ""
    is_catalogue: bool = False
    parameters: int = 0
    types: dict[int, DuckDBPyType] | None = None
    """What the parameters are taken as, by number, once asked for."""
    declared: list[int] = field(default_factory=list)
    """Numbers of the types that the client says its parameters have; 0: none said."""

    @property
    def kind(self) -> str:
        """DuckDB's name for the type of the statement; empty for a command."""
        return self.statement.type.name if self.statement is not None else ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return self.statement is None and self.command is None

    @property
    def has_rows(self) -> bool:
        """Whether the statement answers with rows whatever it does."""
        return self.kind in READS

    @property
    def ends_transaction(self) -> bool:
        """Whether a failed transaction takes this statement."""
        return self.verb in ("COMMIT", "ROLLBACK", "ROLLBACK TO")


def split(text: str) -> list[str]:
    r"""Part a text at the semicolons between statements.

    Examples
    --------
    >>> split("SELECT ';'; -- one; two\n SELECT $$;$$ ;")
    ["SELECT ';'", '-- one; two\n SELECT $$;$$']
    """
    if ";" not in text:
        return [text.strip()]
    encoded = text.encode()
    try:
        tokens = duckdb.tokenize(text)
    except duckdb.Error:
        return [text.strip()]
    ends = [
        start
        for start, kind in tokens
        if kind == duckdb.token_type.operator and encoded[start : start + 1] == b";"
    ]
    parts = [
        encoded[begin:end].decode().strip()
        for begin, end in zip([0, *(end + 1 for end in ends)], [*ends, len(encoded)], strict=True)
    ]
    return [part for part in parts if part] or [""]


def is_too_deep(text: str, most: int) -> bool:
    """Whether more brackets are open at once in a text than may be.

    Examples
    --------
    >>> is_too_deep("SELECT ((1)), '(((', [2] -- (((", 2), is_too_deep("SELECT (((1)))", 2)
    (False, True)
    """
    if sum(text.count(opening) for opening in "([{") <= most:
        return False
    encoded = text.encode()
    now = 0
    # What is a text or a comment, only DuckDB itself can tell.
    for start, kind in duckdb.tokenize(text):
        if kind == duckdb.token_type.operator:
            now += _STEPS.get(encoded[start], 0)
            if now > most:
                return True
    return False


_STEPS = {**dict.fromkeys(b"([{", 1), **dict.fromkeys(b")]}", -1)}
_COMMENTS = re.compile(r"^(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)+", re.DOTALL)


def without_comments(sql: str) -> str:
    r"""Return a statement from its first word on.

    Examples
    --------
    >>> without_comments("/* a */ -- b\n BEGIN")
    'BEGIN'
    """
    return _COMMENTS.sub("", sql)


def verb_of(sql: str, kind: str) -> str:
    """Return what a completed command is called: ``INSERT``, ``CREATE TABLE``."""
    words = re.findall(r"[A-Za-z_]+", without_comments(sql)[:200])
    words = [word.upper() for word in words if word.upper() not in ("OR", "REPLACE")]
    if kind == "MERGE_INTO":
        return "MERGE"
    if kind in READS and kind not in ("EXPLAIN", "CALL"):
        return "SELECT"
    if kind in ("CREATE", "DROP", "ALTER"):
        skipped = ("TEMP", "TEMPORARY", "UNIQUE", "PERSISTENT", "RECURSIVE", "LOCAL")
        return " ".join([word for word in words if word not in skipped][:2])
    return kind if kind in ("INSERT", "UPDATE", "DELETE", "COPY") else (words or [kind])[0]


def tag(verb: str, count: int | None) -> str:
    """Return the tag of a completed command: ``INSERT 0 3``."""
    if count is None:
        return verb
    return f"INSERT 0 {count}" if verb == "INSERT" else f"{verb} {count}"
