"""SQLAlchemy: the connections of an engine find the functions.

Either on an engine of the dialect ``duckdb``::

    engine = ecomsql.sqlalchemy.register(create_engine("duckdb:///shop.duckdb"))

or, where there is nothing but a URL to give, by its scheme: ``ecomsql:///shop.duckdb``. The dialect
is that of duckdb-sqlalchemy or of duckdb-engine, whichever is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

from ecomsql import registration
from ecomsql.errors import RegistrationError

_NEEDS = (
    "ecomsql.sqlalchemy needs SQLAlchemy's dialect for DuckDB: pip install 'ecomsql[sqlalchemy]', "
    "or with DuckDB 2 'ecomsql[duckdb-engine]'"
)

try:
    from sqlalchemy import Engine, event
    from sqlalchemy.dialects import registry
    from sqlalchemy.exc import NoSuchModuleError
except ImportError as error:
    raise ImportError(_NEEDS) from error
try:
    _DuckDB: Any = registry.load("duckdb")
except NoSuchModuleError as error:
    raise ImportError(_NEEDS) from error

if TYPE_CHECKING:
    from sqlalchemy import Connection

_MARK = "ecomsql"
"""Key of a pooled connection's ``info`` that says that it has the functions."""


def register(engine: Engine) -> Engine:
    """Put the functions on every connection that an engine hands out from now on.

    Connections that wait in the pool are included, those in use when they come back from it.
    A second call changes nothing.

    Parameters
    ----------
    engine : sqlalchemy.Engine
        An engine of the dialect ``duckdb``.

    Returns
    -------
    sqlalchemy.Engine
        `engine` itself.

    Raises
    ------
    RegistrationError
        If `engine` is no engine of DuckDB; and from ``engine.connect()``, if the database takes the
        name of the functions' catalog.
    """
    if not isinstance(engine, Engine):
        raise RegistrationError(
            f"register takes an engine of SQLAlchemy, as create_engine returns, "
            f"not {type(engine).__name__}"
        )
    if engine.dialect.name != _DuckDB.name:
        raise RegistrationError(
            f"register takes an engine of the dialect {_DuckDB.name}, not {engine.dialect.name}"
        )
    if not event.contains(engine, "checkout", _at_checkout):
        event.listen(engine, "checkout", _at_checkout)
    return engine


class Dialect(_DuckDB):
    """The dialect ``duckdb``, with the functions, for URLs that begin with ``ecomsql:``."""

    # SQLAlchemy looks for it in the class itself.
    supports_statement_cache = _DuckDB.supports_statement_cache

    def connect(self, *args: Any, **options: Any) -> Any:
        """Open a connection with the functions on it."""
        connection = super().connect(*args, **options)
        try:
            _register(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def get_schema_names(self, connection: Connection, **options: Any) -> list[str]:
        """Return the user's schemas, without those that hold the functions."""
        there: list[str] = super().get_schema_names(connection, **options)
        return [name for name in there if not name.startswith(f"{registration.CATALOG}.")]


def _at_checkout(connection: Any, record: Any, _: object) -> None:
    if _MARK not in record.info:
        _register(connection)
        record.info[_MARK] = True


def _register(connection: Any) -> None:
    """Register DuckDB's own connection, which the dialect wraps: `execute` returns it."""
    native = connection.execute("SELECT 1")
    if not isinstance(native, duckdb.DuckDBPyConnection):
        raise RegistrationError(
            f"the dialect's {type(connection).__name__} does not give DuckDB's connection away"
        )
    native.fetchall()
    registration.register(native)
