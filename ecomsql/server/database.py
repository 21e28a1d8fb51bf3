"""The server's DuckDB, and the sessions on it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import duckdb

from ecomsql.errors import EcomsqlError
from ecomsql.registration import CATALOG, extend_search_path
from ecomsql.server.few import Few
from ecomsql.server.policy import Policy
from ecomsql.server.postgres.activity import Activity
from ecomsql.work import Work


class Session:
    """A cursor of its own, which finds the functions without their catalog's name."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        extend_search_path(con)
        self._work = Work(con)

    @property
    def search_path(self) -> str:
        """What the user has in the search path, without the functions' catalog."""
        [(path,)] = self.con.execute("SELECT current_setting('search_path')").fetchall()
        own = [part for part in str(path).split(",") if not part.startswith(f"{CATALOG}.")]
        return ", ".join(part.rpartition(".")[2] for part in own) or "main"

    def set_search_path(self, path: str) -> None:
        """Set the search path; ``public`` is PostgreSQL's name for ``main``.

        Raises
        ------
        duckdb.CatalogException
            A schema that is not there.
        """
        names = [name.strip().strip('"') for name in path.split(",")]
        known = {"public": "main", "$user": "", "pg_catalog": "", "default": ""}
        found = [known.get(name.lower(), name) for name in names]
        listed = ",".join(_identifier(name) for name in found if name) or "main"
        self.con.execute("SET search_path = '" + listed.replace("'", "''") + "'")
        extend_search_path(self.con)

    def go_to(self, name: str) -> None:
        """Go to the database that a client names.

        The server's own also answers to ``ecomsql`` and ``postgres``, which clients say by default.

        Raises
        ------
        LookupError
            There is no such database.
        """
        query = (
            "SELECT database_name, current_database() FROM duckdb_databases() WHERE NOT internal"
        )
        found = self.con.execute(query).fetchall()
        names = [one for one, _ in found if one != CATALOG]
        if name in names and name != found[0][1]:
            self.con.execute(f"USE {_identifier(name)}")
            extend_search_path(self.con)
        elif name not in (*names, CATALOG, "postgres"):
            raise LookupError(f'database "{name}" does not exist; there is: {", ".join(names)}')

    def drop_temporary(self) -> None:
        """Drop the session's temporary tables and views."""
        query = (
            "SELECT 'VIEW', view_name FROM duckdb_views()"
            " WHERE database_name = 'temp' AND NOT internal"
            " UNION ALL"
            " SELECT 'TABLE', table_name FROM duckdb_tables() WHERE database_name = 'temp'"
        )
        for kind, name in self.con.execute(query).fetchall():
            self.con.execute(f"DROP {kind} IF EXISTS temp.main.{_identifier(name)}")

    def after(self, statement: duckdb.Statement) -> None:
        """Put the functions back into the search path where a statement has changed it."""
        if statement.type.name == "SET":
            extend_search_path(self.con)

    def stop(self) -> None:
        """Stop what runs, a model's training too, from another thread."""
        self._work.stop()

    def resume(self) -> None:
        """Forget an earlier :meth:`stop`."""
        self._work.resume()

    def close(self) -> None:
        """Free the cursor; an open transaction is undone."""
        self._work.resume()
        self.con.close()


class Database:
    """One DuckDB with every function on it, for many sessions.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        From ``ecomsql.connect``.
    policy : Policy
        What clients may do.
    again : callable, optional
        Opens the same database once more, where nothing is lost by that.
    activity : Activity, optional
        Who is in, as the functions on `con` know it.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        policy: Policy,
        again: Callable[[], duckdb.DuckDBPyConnection] | None = None,
        activity: Activity | None = None,
    ) -> None:
        self.con, self.policy = con, policy
        self.activity = activity or Activity()
        self._again = again
        self._lock = threading.Lock()
        self.few = Few()
        """Queries whose answers were short."""
        self.is_broken = False
        """Whether DuckDB has met an error after which it answers nothing more."""

    def session(self) -> Session:
        """Return a new session; called from any thread."""
        with self._lock:
            return Session(self.con.cursor())

    def reopen(self) -> None:
        """Close a broken database and open it again, once every session is closed.

        Raises
        ------
        EcomsqlError, duckdb.Error, OSError
            It cannot be opened.
        """
        if self._again is None:
            raise EcomsqlError("only one in a file, and not served to DuckDB's clients, can be")
        with self._lock:
            self.con.close()
            self.con = self._again()
            self.con.execute("SELECT 1").fetchall()
            self.is_broken = False


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
