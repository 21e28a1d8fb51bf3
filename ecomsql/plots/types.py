"""SQL types, as far as a picture needs to tell them apart."""

from __future__ import annotations

_NUMBERS = {
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
    *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
    *("FLOAT", "DOUBLE"),
}


def is_number(kind: str) -> bool:
    """Whether a type holds numbers.

    Examples
    --------
    >>> is_number("DECIMAL(9,2)"), is_number("DOUBLE[]")
    (True, False)
    """
    return kind in _NUMBERS or (kind.startswith("DECIMAL(") and kind.endswith(")"))


def is_time(kind: str) -> bool:
    """Whether a type holds points in time: dates or timestamps, not times of day."""
    return kind == "DATE" or (kind.startswith("TIMESTAMP") and not kind.endswith("]"))


def is_text(kind: str) -> bool:
    """Whether a type names things."""
    return kind in ("VARCHAR", "UUID") or (kind.startswith("ENUM(") and kind.endswith(")"))
