"""Opens DuckDB with every function on it."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import duckdb

from ecomsql.errors import RegistrationError
from ecomsql.registration import CATALOG, register


def connect(
    database: str | PathLike[str] = ":memory:",
    *,
    read_only: bool = False,
    config: dict[str, str | bool | int | float | list[str]] | None = None,
) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB database with every function of ecomsql on it.

    Parameters
    ----------
    database : str or path
        File of the database, or ``':memory:'``.
    read_only : bool
        Open the file without writing to it.
    config : dict, optional
        DuckDB's settings, as for ``duckdb.connect``.

    Returns
    -------
    duckdb.DuckDBPyConnection

    Raises
    ------
    RegistrationError
        If the file is called ``ecomsql.<something>``, or DuckDB refuses the functions.

    Examples
    --------
    >>> con = connect()
    >>> con.sql("FROM ecomsql_functions() WHERE name = 'recommend'").fetchall()[0][1]
    'table'
    """
    path = str(database)
    if Path(path).stem.lower() == CATALOG and not path.startswith(":"):
        raise RegistrationError(
            f"a database called '{Path(path).name}' takes the name of the catalog '{CATALOG}' that "
            f"holds the functions; rename the file, or attach it under another name: "
            f"con = ecomsql.connect(); con.execute(\"ATTACH '{path}' AS shop\")"
        )
    con = duckdb.connect(path, read_only=read_only, config=config or {})
    try:
        return register(con)
    except BaseException:
        con.close()
        raise
