"""Loads DuckDB's extension ``quack``, from where pip or DuckDB has put it; never from a network."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb

from ecomsql.errors import QuackError

EXTENSIONS = ("httpfs", "quack")
"""In order of need: quack speaks HTTP with what httpfs brings."""


def load(con: duckdb.DuckDBPyConnection) -> None:
    """Load the extensions into the instance of `con`, unless they are there.

    Raises
    ------
    QuackError
        With how to get them.
    """
    if _is_loaded(con):
        return
    [(version,)] = con.execute("SELECT library_version FROM pragma_version()").fetchall()
    for name in EXTENSIONS:
        _load(con, name, version)


def packaged(name: str, version: str) -> Path | None:
    """Return the file of an extension that pip has installed for a version of DuckDB."""
    package = find_spec(f"duckdb_extension_{name}")
    if package is None or package.origin is None:
        return None
    file = Path(package.origin).parent / "extensions" / version / f"{name}.duckdb_extension"
    return file if file.is_file() else None


def _is_loaded(con: duckdb.DuckDBPyConnection) -> bool:
    # duckdb_extensions() looks into folders, which may be forbidden by now.
    query = "SELECT count(*) FROM duckdb_functions() WHERE function_name = 'quack_serve'"
    [(count,)] = con.execute(query).fetchall()
    return bool(count)


def _load(con: duckdb.DuckDBPyConnection, name: str, version: str) -> None:
    file = packaged(name, version)
    try:
        # DuckDB checks the signature of either.
        con.execute("LOAD " + ("'" + str(file).replace("'", "''") + "'" if file else name))
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise QuackError(
            f"DuckDB's extension '{name}' cannot be loaded ({reason}); {_advice(version)}"
        ) from error


def _advice(version: str) -> str:
    """Return how to get the extensions."""
    fetch = 'ecomsql sql -c "INSTALL httpfs; INSTALL quack" fetches both from duckdb.org'
    if not version.startswith("v1."):
        return f"{fetch}; the package index has them for DuckDB 1.5.5: pip install 'ecomsql[quack]'"
    packages = " ".join(
        f"duckdb-extension-{name}=={version.removeprefix('v')}" for name in reversed(EXTENSIONS)
    )
    return f"pip install {packages}; or {fetch}"
