"""Who is in, for ``pg_stat_activity``, and how one session ends what another does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any

import duckdb

from ecomsql.server.policy import ForbiddenError

SESSIONS, END = "_sessions_inside", "_end_session"
"""Names of the functions in SQL that the views and functions of the catalogue stand on."""

_ROW = (
    "STRUCT(number INTEGER, user_name VARCHAR, application VARCHAR, address VARCHAR, port INTEGER,"
    " since DOUBLE, state VARCHAR)[]"
)


@dataclass(frozen=True, slots=True)
class Present:
    """A session that is in.

    Parameters
    ----------
    user : str
        Whose it is.
    key : str
        What the session itself proves with that it is this one; nobody else knows it.
    address, port : str and int
        Where it comes from.
    describe : callable
        Returns its application and its state.
    cancel, leave : callable
        End what it does; end it. Called from any thread.
    """

    user: str
    key: str = field(repr=False)
    address: str
    port: int
    describe: Callable[[], tuple[str, str]]
    cancel: Callable[[], None]
    leave: Callable[[], None]
    since: float = field(default_factory=time.time)


class Activity:
    """The sessions of a server, by their numbers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._present: dict[int, Present] = {}

    def enters(self, number: int, session: Present) -> None:
        """Take note of a session."""
        with self._lock:
            self._present[number] = session

    def leaves(self, number: int) -> None:
        """Forget a session, also one that was never in."""
        with self._lock:
            self._present.pop(number, None)

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each session. What it asks is nobody's business, and not among it."""
        with self._lock:
            present = sorted(self._present.items())
        return [_row(number, session) for number, session in present]

    def end(self, number: int, key: str, is_final: bool) -> bool:
        """End what a session does, or the session, for another of the same user.

        Parameters
        ----------
        number : int
            Of the session that is to end.
        key : str
            Of the session that wants it.
        is_final : bool
            Whether the session itself ends.

        Returns
        -------
        bool
            Whether there is one of that number.

        Raises
        ------
        ForbiddenError
            It is another user's.
        """
        with self._lock:
            found = self._present.get(number)
            present = self._present.values()
            proof = key.encode()
            users = [one.user for one in present if compare_digest(one.key.encode(), proof)]
        if found is None:
            return False
        if found.user not in users:
            what = "terminate process" if is_final else "cancel query"
            raise ForbiddenError(f"permission denied to {what}: session {number} is another user's")
        (found.leave if is_final else found.cancel)()
        return True

    def install(self, con: duckdb.DuckDBPyConnection) -> None:
        """Create the functions on an instance of DuckDB."""
        for name, call, takes, returns in (
            (SESSIONS, self.rows, [], _ROW),
            (END, self.end, ["INTEGER", "VARCHAR", "BOOLEAN"], "BOOLEAN"),
        ):
            con.create_function(
                name,
                call,
                [duckdb.sqltype(one) for one in takes],
                duckdb.sqltype(returns),
                side_effects=True,
            )


def _row(number: int, session: Present) -> dict[str, Any]:
    application, state = session.describe()
    return {
        "number": number,
        "user_name": session.user,
        "application": application,
        "address": session.address,
        "port": session.port,
        "since": session.since,
        "state": state,
    }
