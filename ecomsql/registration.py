"""Puts the functions on a DuckDB connection."""

from __future__ import annotations

import threading
import uuid

import duckdb

from ecomsql import catalogue, udf
from ecomsql.errors import RegistrationError
from ecomsql.instance import Instance, instance
from ecomsql.version import __version__

CATALOG = "ecomsql"
"""Name of the in-memory database that holds the macros."""

_lock = threading.Lock()


def register(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Put every function on the database instance of `con`, and let `con` find them unqualified.

    Other connections and cursors of the same instance find them as ``ecomsql.<name>``; call
    ``register`` on them too to drop the prefix. Nothing is written into the user's database: the
    macros live in an in-memory catalog named ``ecomsql``. Works on read-only databases; a second
    call changes nothing.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        An open connection, perhaps with an open transaction, which is left as it is. Register
        before it begins: a transaction that has used any function before does not see new ones.

    Returns
    -------
    duckdb.DuckDBPyConnection
        `con` itself.

    Raises
    ------
    RegistrationError
        If the catalog's name is taken by one of the user's databases, DuckDB refuses, or the open
        transaction cannot see the functions before it ends.
    """
    try:
        # A cursor has a transaction of its own, so that the user's is neither used nor ended.
        with _lock, con.cursor() as cursor:
            _attach(cursor)
            here = instance(_token(cursor))
            here.add(con)
            if not _is_current(cursor):
                _create_functions(cursor, here)
                _create_macros(cursor)
        extend_search_path(con)
        is_seen = _sees_functions(con)
    except duckdb.Error as error:
        raise RegistrationError(f"DuckDB refused to register ecomsql: {error}") from error
    if not is_seen:
        raise RegistrationError(
            "the functions are there, but the open transaction of this connection is older than "
            "they are and cannot see them; they work once it has ended (COMMIT or ROLLBACK)"
        )
    return con


def _attach(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "SELECT path FROM duckdb_databases() WHERE database_name = ?", [CATALOG]
    ).fetchall()
    if not found:
        con.execute(f"ATTACH ':memory:' AS {CATALOG} (READ_WRITE)")
        return
    path = found[0][0]
    if path is not None:
        raise RegistrationError(
            f"the name '{CATALOG}' is taken by the database {path}, and ecomsql keeps its "
            f"functions in a catalog of that name; attach the file under another one: "
            f"ecomsql.connect() and then ATTACH '{path}' AS shop"
        )


def _is_current(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether this version of ecomsql has registered everything before."""
    found = con.execute(
        "SELECT comment FROM duckdb_views() WHERE database_name = ? AND view_name = '_nothing'",
        [CATALOG],
    ).fetchall()
    return found == [(__version__,)]


def _token(con: duckdb.DuckDBPyConnection) -> str:
    """Return what tells this instance from others in the process; made once."""
    query = "SELECT comment FROM duckdb_views() WHERE database_name = ? AND view_name = '_instance'"
    found = con.execute(query, [CATALOG]).fetchall()
    if not found:
        token = uuid.uuid4().hex
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {CATALOG}.internal")
        con.execute(f"CREATE VIEW {CATALOG}.internal._instance AS SELECT true AS _ecomsql_none")
        con.execute(f"COMMENT ON VIEW {CATALOG}.internal._instance IS '{token}'")
        return token
    return str(found[0][0])


def _create_functions(con: duckdb.DuckDBPyConnection, here: Instance) -> None:
    there = {
        name
        for (name,) in con.execute(
            "SELECT function_name FROM duckdb_functions() WHERE starts_with(function_name, '_')"
        ).fetchall()
    }
    for record in udf.records():
        if record.name not in there:
            con.create_function(  # type: ignore[call-overload]
                record.name,
                record.bound(here),
                None if record.takes is None else [duckdb.sqltype(name) for name in record.takes],
                duckdb.sqltype(record.returns),
                type="arrow",
                null_handling="special",
            )


def _create_macros(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"USE {CATALOG}")
    # BOOLEAN gives way to any type in a union; a bare NULL would be an INTEGER before DuckDB 2.0.
    nothing = "SELECT NULL::BOOLEAN AS _ecomsql_none WHERE false"
    con.execute("CREATE SCHEMA IF NOT EXISTS internal")
    con.execute(f"CREATE OR REPLACE VIEW internal._nothing AS {nothing}")
    for function in catalogue.in_order_of_use():
        con.execute(function.statement)
        kind = "MACRO TABLE" if function.kind == "table" else "MACRO"
        con.execute(f"COMMENT ON {kind} {function.name} IS {_quoted(function.comment)}")
    # Last of all: it says that the work is complete.
    con.execute(f"COMMENT ON VIEW internal._nothing IS {_quoted(__version__)}")


def _sees_functions(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the functions are visible in the open transaction, if there is one."""
    [(count,)] = con.execute(
        "SELECT count(DISTINCT function_name) FROM duckdb_functions() "
        "WHERE function_name IN (SELECT unnest(?))",
        [[record.name for record in udf.records()]],
    ).fetchall()
    return bool(count == len(udf.records()))


def extend_search_path(con: duckdb.DuckDBPyConnection) -> None:
    """Append the catalog to the search path of this connection, behind what the user has there."""
    # All rows are fetched: DuckDB 2.0 lends the connection to a result that is not.
    [(path, database, schema)] = con.execute(
        "SELECT current_setting('search_path'), current_catalog(), current_schema()"
    ).fetchall()
    if f"{CATALOG}.main" in path:
        return
    current = path or f"{_identifier(database)}.{_identifier(schema)}"
    con.execute(f"SET search_path = {_quoted(f'{current},{CATALOG}.main')}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
