"""SQL that turns a value into the text that PostgreSQL has for it.

DuckDB does it while it scans, on all its threads; its own text differs in a few types.
"""

from __future__ import annotations

from duckdb.sqltypes import DuckDBPyType

from ecomsql.server.postgres.types import JSON, element_of, of


def text_sql(kind: DuckDBPyType, value: str) -> str:
    """Return an expression for the text of a value.

    Parameters
    ----------
    kind : DuckDBPyType
        The value's type.
    value : str
        Expression for the value: ``#3``, the third column.
    """
    if kind.id in ("list", "array") and of(kind) is not JSON:
        return _array_sql(kind, value)
    if of(kind) is JSON:
        return f"to_json({value})::VARCHAR"
    form = _FORMS.get(kind.id, "{0}::VARCHAR")
    return form.format(value)


_FLOAT = (
    "CASE WHEN isinf({0}) THEN CASE WHEN {0} > 0 THEN 'Infinity' ELSE '-Infinity' END"
    " WHEN isnan({0}) THEN 'NaN'"
    " WHEN suffix({0}::VARCHAR, '.0') THEN left({0}::VARCHAR, -2) ELSE {0}::VARCHAR END"
)
_BEFORE_CHRIST = (
    "CASE WHEN contains({0}::VARCHAR, ' (BC)') THEN replace({0}::VARCHAR, ' (BC)', '') || ' BC'"
    " ELSE {0}::VARCHAR END"
)
_MONTHS = "replace(replace({0}::VARCHAR, 'months', 'mons'), 'month', 'mon')"

_FORMS = {
    "boolean": "CASE WHEN {0} THEN 't' WHEN NOT {0} THEN 'f' END",
    "float": _FLOAT,
    "double": _FLOAT,
    "blob": "'\\x' || lower(hex({0}))",
    "date": _BEFORE_CHRIST,
    "timestamp": _BEFORE_CHRIST,
    "timestamp_s": _BEFORE_CHRIST,
    "timestamp_ms": _BEFORE_CHRIST,
    "timestamp_ns": _BEFORE_CHRIST,
    "timestamp with time zone": _BEFORE_CHRIST,
    "interval": _MONTHS,
}

_PLAIN = frozenset(
    "boolean tinyint utinyint smallint usmallint integer uinteger bigint ubigint hugeint uhugeint"
    " bignum decimal float double uuid bit".split()
)
"""Types whose text needs no quotes within an array."""


def _array_sql(kind: DuckDBPyType, value: str) -> str:
    element = element_of(kind)
    text = text_sql(element, "_one")
    if element.id not in _PLAIN:
        text = rf"""'"' || replace(replace({text}, '\', '\\'), '"', '\"') || '"'"""
    items = f"list_transform({value}::{element}[], lambda _one: coalesce({text}, 'NULL'))"
    return f"CASE WHEN {value} IS NOT NULL THEN '{{' || array_to_string({items}, ',') || '}}' END"
