"""One session's transaction: what is read in it, what it has written, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from ecomsql.server.database import Session
from ecomsql.server.postgres.answers import Answer, Rows
from ecomsql.server.postgres.errors import PostgresError

IDLE, IN_TRANSACTION, FAILED = "I", "T", "E"
"""Where a session is, as the protocol says it."""


@dataclass(slots=True)
class Savepoint:
    """A savepoint, and how much the transaction had written by then."""

    name: str
    changes: int


@dataclass(slots=True)
class Cursor:
    """A cursor that was declared in SQL."""

    answer: Rows
    outlives_transaction: bool = False


@dataclass(slots=True)
class Work:
    """The transaction of a session."""

    status: str = IDLE
    is_implicit: bool = False
    """Whether the server began it, for the commands up to the next Sync."""
    changes: int = 0
    savepoints: list[Savepoint] = field(default_factory=list)


class Transactions:
    """Begins and ends the transactions of a session, and knows what is being read.

    DuckDB lends a connection to one result at a time.

    Parameters
    ----------
    session : Session
        Of DuckDB.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.work = Work()
        self.cursors: dict[str, Cursor] = {}
        self._open: Answer | None = None

    # Answers that are being read.

    def opened(self, answer: Answer, formats: Sequence[int]) -> None:
        """Begin to read an answer."""
        if answer is not self._open:
            self.release()
        answer.open(formats)
        if answer.columns is not None:
            self._open = answer

    def taken(self, answer: Answer, most: int | None) -> tuple[list[memoryview], int, bool]:
        """Take some more rows of an answer; one that has no more is closed."""
        found = answer.take(most)
        if not found[2]:
            self.closed(answer)
        return found

    def release(self) -> None:
        """Let another statement use the connection: what is being read is held in memory."""
        if self._open is not None:
            answer, self._open = self._open, None
            answer.keep()

    def closed(self, answer: Answer) -> None:
        """End an answer; its rows that are left are not read."""
        if answer is self._open and answer.is_reading:
            # Closing alone would have DuckDB finish what it has begun, and wait for it.
            self.session.con.interrupt()
        answer.close()
        if answer is self._open:
            self._open = answer.behind

    # Transactions.

    def begin_implicitly(self) -> None:
        """Begin a transaction that ends with the client's next Sync, unless one is open."""
        if self.work.status == IDLE:
            self.begin()
            self.work.is_implicit = True

    def begin(self, mode: str = "") -> None:
        """Begin a transaction; `mode`: what DuckDB takes behind the word."""
        self.session.con.execute(f"BEGIN TRANSACTION {mode}")
        self.work = Work(IN_TRANSACTION)

    def commit(self) -> bool:
        """End the transaction; return whether it was kept: a failed one is rolled back."""
        if self.work.status == FAILED:
            self.rollback()
            return False
        try:
            self._close_cursors()
            self.session.con.execute("COMMIT")
        except BaseException:
            self.rollback()
            raise
        self.work = Work()
        return True

    def rollback(self) -> None:
        """Undo the transaction."""
        self.work = Work()
        self._close_cursors(all_of_them=True)
        try:
            self.session.con.execute("ROLLBACK")
        except duckdb.TransactionException:
            # DuckDB has ended it already.
            return

    @property
    def needs_sync(self) -> bool:
        """Whether :meth:`sync` has something to do."""
        return self.work.is_implicit or bool(self.cursors)

    def sync(self) -> None:
        """End what the server began by itself; what has failed is undone."""
        if self.work.is_implicit:
            self.commit()
        elif self.work.status == IDLE:
            self._close_cursors()

    def _close_cursors(self, *, all_of_them: bool = False) -> None:
        for name, cursor in list(self.cursors.items()):
            if cursor.outlives_transaction and not all_of_them:
                cursor.answer.keep()
            else:
                self.closed(cursor.answer)
                del self.cursors[name]

    # Savepoints, which DuckDB has not: they hold as long as nothing has to be undone.

    def add_savepoint(self, name: str) -> None:
        """Remember a place in the transaction."""
        if self.work.status != IN_TRANSACTION or self.work.is_implicit:
            raise PostgresError("25P01", "SAVEPOINT can only be used in transaction blocks")
        self.work.savepoints.append(Savepoint(name, self.work.changes))

    def release_savepoint(self, name: str) -> None:
        """Forget a savepoint and those after it."""
        del self.work.savepoints[self._savepoint(name) :]

    def rollback_to(self, name: str) -> None:
        """Return to a savepoint.

        Raises
        ------
        PostgresError
            Something was written since, or before in a transaction that DuckDB has ended.
        """
        at = self._savepoint(name)
        point = self.work.savepoints[at]
        is_lost = self.work.status == FAILED and self.work.changes > 0
        if is_lost or self.work.changes > point.changes:
            self.work.status = FAILED
            raise PostgresError(
                "0A000",
                "what was written since the savepoint cannot be undone alone",
                hint="DuckDB has no savepoints: ROLLBACK undoes the whole transaction.",
            )
        kept = self.work.savepoints[: at + 1]
        if self.work.status == FAILED:
            self.rollback()
            self.begin()
        self.work.savepoints = kept

    def _savepoint(self, name: str) -> int:
        for at in reversed(range(len(self.work.savepoints))):
            if self.work.savepoints[at].name == name:
                return at
        raise PostgresError("3B001", f'savepoint "{name}" does not exist')
