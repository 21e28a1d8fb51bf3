"""DuckDB's types as the types that PostgreSQL's clients know."""

from __future__ import annotations

import string
from dataclasses import dataclass

from duckdb.sqltypes import DuckDBPyType


@dataclass(frozen=True, slots=True)
class PgType:
    """A type of PostgreSQL: its number, its size in bytes (-1: varies), its array's number."""

    name: str
    oid: int
    size: int
    array: int
    category: str
    duckdb: str
    """The type of DuckDB that a parameter of this type is read as."""
    element: int = 0
    """Number of the element's type, for an array."""


_SCALARS = (
    PgType("bool", 16, 1, 1000, "B", "BOOLEAN"),
    PgType("bytea", 17, -1, 1001, "U", "BLOB"),
    PgType("char", 18, 1, 1002, "Z", "VARCHAR"),
    PgType("name", 19, 64, 1003, "S", "VARCHAR"),
    PgType("int8", 20, 8, 1016, "N", "BIGINT"),
    PgType("int2", 21, 2, 1005, "N", "SMALLINT"),
    PgType("int2vector", 22, -1, 1006, "A", "VARCHAR"),
    PgType("int4", 23, 4, 1007, "N", "INTEGER"),
    PgType("regproc", 24, 4, 1008, "N", "VARCHAR"),
    PgType("text", 25, -1, 1009, "S", "VARCHAR"),
    PgType("oid", 26, 4, 1028, "N", "UINTEGER"),
    PgType("oidvector", 30, -1, 1013, "A", "VARCHAR"),
    PgType("json", 114, -1, 199, "U", "JSON"),
    PgType("float4", 700, 4, 1021, "N", "FLOAT"),
    PgType("float8", 701, 8, 1022, "N", "DOUBLE"),
    PgType("unknown", 705, -2, 0, "X", "VARCHAR"),
    PgType("bpchar", 1042, -1, 1014, "S", "VARCHAR"),
    PgType("varchar", 1043, -1, 1015, "S", "VARCHAR"),
    PgType("date", 1082, 4, 1182, "D", "DATE"),
    PgType("time", 1083, 8, 1183, "D", "TIME"),
    PgType("timestamp", 1114, 8, 1115, "D", "TIMESTAMP"),
    PgType("timestamptz", 1184, 8, 1185, "D", "TIMESTAMP WITH TIME ZONE"),
    PgType("interval", 1186, 16, 1187, "T", "INTERVAL"),
    PgType("timetz", 1266, 12, 1270, "D", "TIME WITH TIME ZONE"),
    PgType("varbit", 1562, -1, 1563, "V", "BIT"),
    PgType("numeric", 1700, -1, 1231, "N", "DECIMAL(38,10)"),
    PgType("regclass", 2205, 4, 2210, "N", "VARCHAR"),
    PgType("regtype", 2206, 4, 2211, "N", "VARCHAR"),
    PgType("record", 2249, -1, 2287, "P", "VARCHAR"),
    PgType("void", 2278, 4, 0, "P", "VARCHAR"),
    PgType("uuid", 2950, 16, 2951, "U", "UUID"),
    PgType("jsonb", 3802, -1, 3807, "U", "JSON"),
    PgType("regnamespace", 4089, 4, 4090, "N", "VARCHAR"),
)

_ARRAYS = tuple(
    PgType(f"_{one.name}", one.array, -1, 0, "A", f"{one.duckdb}[]", one.oid)
    for one in _SCALARS
    if one.array
)

TYPES = {one.oid: one for one in (*_SCALARS, *_ARRAYS)}
"""Every type by its number."""

_BY_NAME = {one.name: one for one in TYPES.values()}

CHAR = "ENUM('\"char\"', '', " + ", ".join(f"'{one}'" for one in string.ascii_letters) + ")"
"""DuckDB's type of what is "char" in PostgreSQL's catalogue: one letter, which some clients tell
from text. It is known by its first value, which no row has."""

TEXT = _BY_NAME["text"]
JSON = _BY_NAME["json"]
OIDS = _BY_NAME["_oid"]
VECTOR = _BY_NAME["int2vector"]

_OF_DUCKDB = {
    "boolean": "bool",
    "tinyint": "int2",
    "utinyint": "int2",
    "smallint": "int2",
    "usmallint": "int4",
    "integer": "int4",
    "uinteger": "int8",
    "bigint": "int8",
    "ubigint": "numeric",
    "hugeint": "numeric",
    "uhugeint": "numeric",
    "bignum": "numeric",
    "decimal": "numeric",
    "float": "float4",
    "double": "float8",
    "blob": "bytea",
    "date": "date",
    "time": "time",
    "time_ns": "time",
    "time with time zone": "timetz",
    "timestamp": "timestamp",
    "timestamp_s": "timestamp",
    "timestamp_ms": "timestamp",
    "timestamp_ns": "timestamp",
    "timestamp with time zone": "timestamptz",
    "interval": "interval",
    "uuid": "uuid",
    "bit": "varbit",
    "varchar": "text",
    "enum": "text",
    "null": "text",
    "struct": "json",
    "map": "json",
    "union": "json",
    "variant": "json",
}


def of(kind: DuckDBPyType) -> PgType:
    """Return what a type of DuckDB is to a client.

    Lists and arrays of plain values are arrays; whatever else is nested is JSON; what PostgreSQL
    has no type for (BIGNUM's big brothers aside: those are numeric) is text.
    """
    if kind.id in ("list", "array"):
        element = element_of(kind)
        inner = of(element)
        is_plain = element.id not in ("list", "array") and inner is not JSON and inner.array
        return TYPES[inner.array] if is_plain else JSON
    if str(kind) == "JSON":
        return JSON
    if kind.id == "enum" and str(kind) == CHAR:
        return _BY_NAME["char"]
    return _BY_NAME[_OF_DUCKDB.get(kind.id, "text")]


def typmod(kind: DuckDBPyType) -> int:
    """Return the modifier of a type: precision and scale of a DECIMAL."""
    if kind.id != "decimal":
        return -1
    sizes = dict(kind.children)
    return ((int(str(sizes["precision"])) << 16) | int(str(sizes["scale"]))) + 4


def element_of(kind: DuckDBPyType) -> DuckDBPyType:
    """Return the type of the elements of a list or an array."""
    child = kind.children[0][1]
    assert isinstance(child, DuckDBPyType)
    return child
