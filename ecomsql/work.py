"""Whose work a UDF does: how the macros tell it, and how one connection's is stopped.

DuckDB calls a UDF on whichever of its threads is free, and says nothing of the query. So every call
of a UDF in a macro gets one more argument when the macro is created: a number of the connection,
unique in the process. The UDF takes it off and keeps it for its thread (see
:func:`ecomsql.progress.working_for`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress

import duckdb

from ecomsql import progress
from ecomsql.errors import RegistrationError

MACRO = "ecomsql.internal._work"
"""The scalar macro that returns the number of the connection that calls it."""

# Strings, names in quotes and comments come first: what is in them is no call.
_TOKEN = re.compile(
    r"""
    (?P<skipped> --[^\n]* | /\*.*?\*/ )
    | (?P<text> \b[eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*"
        | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ )
    | (?P<name> \w+ (?: \s*\.\s*\w+ )* )
    | (?P<open> \( )
    | (?P<close> \) )
    | (?P<other> \S )
    """,
    re.VERBOSE | re.DOTALL,
)


class Work:
    """What one connection is doing, to be ended from any thread.

    Makes a server's cancel end one client's query alone. Make it once a connection, before queries,
    as it asks the connection for its number.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        A connection or cursor of an instance that ecomsql is registered on.

    Raises
    ------
    RegistrationError
        If the instance does not have the functions.

    Examples
    --------
    >>> import ecomsql
    >>> con = ecomsql.connect().cursor()
    >>> work = Work(con)
    >>> work.stop()  # from another thread, or before
    >>> work.resume()  # before the next query
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        try:
            [(number,)] = con.execute(f"SELECT {MACRO}()").fetchall()
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise RegistrationError(
                "this database does not have the functions of ecomsql; call ecomsql.register(con)"
            ) from error
        self.number = int(number)
        """Number of the connection, unique in the process."""

    def stop(self) -> None:
        """End the query: DuckDB's part now, a model at its next checkpoint; call from any thread.

        Models of this connection raise :class:`~ecomsql.errors.Stopped` until :meth:`resume`.
        """
        progress.stop(self.number)
        # Nothing runs on a connection that is closed.
        with suppress(duckdb.ConnectionException):
            self._con.interrupt()

    def resume(self) -> None:
        """Forget an earlier :meth:`stop`; call before the next query, and before closing."""
        progress.resume(self.number)


def expression(instance: int) -> str:
    """Return the SQL of the number of the connection that runs it, on the instance of a number.

    DuckDB counts the connections of each instance.
    """
    return f"({instance << 32} + current_connection_id())"


def told(statement: str, udfs: Collection[str], work: str) -> str:
    """Return a statement in which each call of a UDF has one more argument, the last one.

    Examples
    --------
    >>> told("SELECT _f(a, _g()), ecomsql.main._f(')') -- _f(", {"_f", "_g"}, "w")
    "SELECT _f(a, _g(w), w), ecomsql.main._f(')') -- _f("
    """
    parts, at = [], 0
    for place, is_empty in _ends_of_calls(statement, udfs):
        parts += [statement[at:place], work if is_empty else f", {work}"]
        at = place
    return "".join([*parts, statement[at:]])


def _ends_of_calls(statement: str, udfs: Collection[str]) -> Iterator[tuple[int, bool]]:
    """Yield where the bracket is that closes each call, and whether nothing is before it."""
    brackets: list[bool] = []
    last = ""
    for token in _TOKEN.finditer(statement):
        kind, word = token.lastgroup, token[0]
        if kind == "skipped":
            continue
        if kind == "open":
            brackets.append(last in udfs)
        elif kind == "close":
            if not brackets:
                raise ValueError("a bracket is closed that was not opened")
            if brackets.pop():
                yield token.start(), last == "("
        last = word
    if brackets:
        raise ValueError("a bracket is not closed")
