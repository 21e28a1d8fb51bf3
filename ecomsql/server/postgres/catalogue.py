"""PostgreSQL's catalogue over DuckDB's: views and functions.

The views live in the schema ``ecomsql.postgres``, in memory, beside the functions; a session sees
in them the database that it is in. Their SQL is in ``sql/postgres``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import duckdb

from ecomsql.server.postgres.activity import Activity
from ecomsql.server.postgres.settings import Settings
from ecomsql.server.postgres.types import CHAR, TYPES, of

SCHEMA = "ecomsql.postgres"

FUNCTIONS_QUERY = "SELECT DISTINCT lower(function_name) FROM duckdb_functions()"

_TITLES = {
    "bool": "boolean",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "float4": "real",
    "float8": "double precision",
    "varchar": "character varying",
    "bpchar": "character",
    "char": '"char"',
    "time": "time without time zone",
    "timetz": "time with time zone",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "varbit": "bit varying",
}
"""Names of types as PostgreSQL writes them out."""

_DUCKDB_NAMES = (
    "TIMESTAMP WITH TIME ZONE",
    "TIME WITH TIME ZONE",
    *(
        "BOOLEAN TINYINT UTINYINT SMALLINT USMALLINT INTEGER UINTEGER BIGINT UBIGINT HUGEINT"
        " UHUGEINT BIGNUM FLOAT DOUBLE VARCHAR BLOB DATE TIME TIMESTAMP TIMESTAMP_S TIMESTAMP_MS"
        " TIMESTAMP_NS INTERVAL UUID BIT JSON"
    ).split(),
)

_CREATES = re.compile(r"CREATE OR REPLACE (?:VIEW|MACRO)\s+(\w+)")


def install(con: duckdb.DuckDBPyConnection, activity: Activity) -> None:
    """Create the views and functions on an instance that has ecomsql, once."""
    activity.install(con)
    con.execute("CREATE SCHEMA IF NOT EXISTS ecomsql.postgres")
    with con.cursor() as cursor:
        cursor.execute(f"USE {SCHEMA}")
        for statement in [_type_names(), _types(), _settings()]:
            cursor.execute(statement)
        # Each binds when it is created: what it uses comes before.
        waiting = {**_views(), **_several("empty"), **_several("functions")}
        while waiting:
            ready = [name for name, sql in waiting.items() if not _uses(sql, name) & waiting.keys()]
            for name in ready:
                cursor.execute(waiting.pop(name))


@cache
def _several(stem: str) -> dict[str, str]:
    """Return the statements of a file that holds several, by the name of what each creates."""
    text = (files("ecomsql.sql") / "postgres" / f"{stem}.sql").read_text(encoding="utf-8")
    return {found[1]: part for part in text.split(";\n") if (found := _CREATES.search(part))}


@cache
def _views() -> dict[str, str]:
    folder = files("ecomsql.sql") / "postgres"
    return {
        entry.name.removesuffix(".sql"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".sql") and entry.name not in ("empty.sql", "functions.sql")
    }


def _uses(sql: str, name: str) -> set[str]:
    return set(re.findall(r"ecomsql\.postgres\.(\w+)", sql)) - {name}


@cache
def relations() -> frozenset[str]:
    """Return the names of the relations that the catalogue has."""
    return frozenset({"pg_type", "pg_settings", *_views(), *_several("empty")})


@cache
def functions() -> frozenset[str]:
    """Return the names of the functions that the catalogue has."""
    return frozenset(name for name in _several("functions") if not re.match(r"_(?!pg_)", name))


def _type_names() -> str:
    rows = []
    for name in _DUCKDB_NAMES:
        kind = of(duckdb.sqltype(name))
        rows.append(f"('{name}', {kind.oid}::BIGINT, {kind.array}::BIGINT)")
    listed = ", ".join(rows)
    return (
        "CREATE OR REPLACE VIEW _type_names AS "
        f"FROM (VALUES {listed}) AS _names (name, oid, array_oid)"
    )


def _types() -> str:
    rows = []
    for one in TYPES.values():
        base = TYPES[one.element].name if one.element else one.name
        title = _TITLES.get(base, base).replace("'", "''") + ("[]" if one.element else "")
        kind = "p" if one.category in ("P", "X") else "b"
        takes = "array_in" if one.element else f"{one.name}in"
        rows.append(
            f"({one.oid}::BIGINT, '{one.name}', {one.size}, '{kind}', '{one.category}',"
            f" {one.element}::BIGINT, {one.array}::BIGINT, '{takes}', '{title}')"
        )
    return (
        "CREATE OR REPLACE VIEW pg_type AS SELECT oid, typname, 11::BIGINT AS typnamespace,"
        " 10::BIGINT AS typowner, typlen::SMALLINT AS typlen, false AS typbyval,"
        f" typtype::{CHAR} AS typtype, typcategory,"
        " false AS typispreferred, true AS typisdefined, ',' AS typdelim, 0::BIGINT AS typrelid,"
        " typelem, typarray, typinput, replace(typinput, 'in', 'out') AS typoutput,"
        " replace(typinput, 'in', 'recv') AS typreceive,"
        " replace(typinput, 'in', 'send') AS typsend,"
        " '-' AS typmodin, '-' AS typmodout, '-' AS typanalyze, 'i' AS typalign, 'x' AS typstorage,"
        " false AS typnotnull, 0::BIGINT AS typbasetype, -1 AS typtypmod, 0 AS typndims,"
        " 0::BIGINT AS typcollation, NULL::VARCHAR AS typdefault, NULL::VARCHAR AS typdefaultbin,"
        " NULL::VARCHAR[] AS typacl, '-' AS typsubscript, _title FROM (VALUES "
        + ", ".join(rows)
        + ") AS _types"
        " (oid, typname, typlen, typtype, typcategory, typelem, typarray, typinput, _title)"
    )


def _settings() -> str:
    """Return the statement for the settings as they are at the start of a session."""
    rows = [f"('{name}', '{value}')" for name, value in Settings("", read_only=False).all()]
    return (
        "CREATE OR REPLACE VIEW pg_settings AS SELECT name, setting, NULL::VARCHAR AS unit,"
        " 'Ungrouped' AS category, '' AS short_desc, NULL::VARCHAR AS extra_desc,"
        " 'user' AS context, 'string' AS vartype, 'default' AS source,"
        " NULL::VARCHAR AS min_val, NULL::VARCHAR AS max_val, NULL::VARCHAR[] AS enumvals,"
        " setting AS boot_val, setting AS reset_val, NULL::VARCHAR AS sourcefile,"
        " NULL::INTEGER AS sourceline, false AS pending_restart"
        f" FROM (VALUES {', '.join(rows)}) AS _settings (name, setting)"
    )
