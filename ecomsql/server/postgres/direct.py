"""A query whose few rows are read from DuckDB as they are, without a look at its columns before.

A relation is bound three times until its rows come: to know the columns, to turn them into text,
to run. For the few rows of what a dashboard asks again and again, that is most of the work; a query
that has answered with few rows of plain types runs like this from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from ecomsql.server.postgres.answers import CHUNK, MOST_HELD, Answer, too_many
from ecomsql.server.postgres.errors import PostgresError
from ecomsql.server.postgres.messages import Column
from ecomsql.server.postgres.plain_values import Write, data_row, writers
from ecomsql.server.postgres.types import of, typmod

BATCH = 256
"""Rows that DuckDB hands over at once."""


class Direct(Answer):
    """The rows of a statement that runs.

    Parameters
    ----------
    tag : str
        The statement's first word.
    con : duckdb.DuckDBPyConnection
        What has executed it.
    """

    columns: Sequence[Column]

    def __init__(self, tag: str, con: duckdb.DuckDBPyConnection) -> None:
        super().__init__(tag)
        described = con.description or []
        self.kinds = [column[1] for column in described]
        self.columns = [
            Column(name, of(kind), typmod(kind))
            for (name, *_), kind in zip(described, self.kinds, strict=True)
        ]
        self._con: duckdb.DuckDBPyConnection | None = con
        self._writers: list[Write] = []
        self._held: list[tuple[Any, ...]] = []
        self._is_lost = False

    @property
    def is_reading(self) -> bool:
        """Whether DuckDB may still work on rows that are left."""
        return self._con is not None

    def open(self, formats: Sequence[int]) -> None:
        """Choose what writes the columns."""
        self._writers = writers(self.kinds, formats)

    def take(self, most: int | None) -> tuple[list[memoryview], int, bool]:
        """Return messages of some more rows; blocking."""
        if self._is_lost:
            raise PostgresError("24000", "the rows that were left were lost in an error before")
        messages: list[bytes] = []
        size = 0
        while size < CHUNK and (most is None or len(messages) < most):
            wanted = BATCH if most is None else min(BATCH, most - len(messages))
            found = self._next(wanted)
            messages += [data_row(row, self._writers) for row in found]
            size += sum(map(len, messages[len(messages) - len(found) :]))
            if len(found) < wanted:
                self._con = None
                return [memoryview(b"".join(messages))], len(messages), False
        return [memoryview(b"".join(messages))], len(messages), True

    def _next(self, count: int) -> list[tuple[Any, ...]]:
        if self._con is not None:
            return self._con.fetchmany(count)
        found, self._held = self._held[:count], self._held[count:]
        return found

    def keep(self) -> None:
        """Hold the rows that are left in memory, and free the connection."""
        con = self._con
        if con is None:
            return
        try:
            self._held = _held(con)
        except BaseException:
            self._is_lost = True
            _abort(con)
            raise
        finally:
            self._con = None

    def close(self) -> None:
        """Free the connection; the rows that are left are not read."""
        con, self._con, self._held = self._con, None, []
        if con is not None:
            _abort(con)


def _held(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    held: list[tuple[Any, ...]] = []
    size = 0
    while found := con.fetchmany(BATCH):
        held += found
        size += sum(map(_size, found))
        if size > MOST_HELD:
            held.clear()
            raise too_many()
    return held


def _size(row: tuple[Any, ...]) -> int:
    """Return about how many bytes a row takes."""
    return sum(len(value) if isinstance(value, str | bytes) else 16 for value in row)


def _abort(con: duckdb.DuckDBPyConnection) -> None:
    """Give up the rows that are left of what a connection has executed."""
    if hasattr(con, "abort"):
        con.abort()
    else:
        # In DuckDB 1.5 whatever comes next does.
        con.execute("SELECT 1 WHERE false")
