"""Values of plain types as DuckDB hands them to Python, in PostgreSQL's two formats."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from duckdb.sqltypes import DuckDBPyType

from ecomsql.server.postgres.messages import BINARY
from ecomsql.server.postgres.numeric import numeric_bytes
from ecomsql.server.postgres.types import of

Write = Callable[[Any], bytes]

_NULL = b"\xff\xff\xff\xff"


def is_plain(kind: DuckDBPyType) -> bool:
    """Whether values of a type of DuckDB are written here.

    Those are left out whose Python value does not tell them all: a FLOAT is a double there, and an
    infinite date the last one of the calendar.
    """
    return kind.id in _PLAIN and of(kind).name in _BINARY


def data_row(row: Sequence[Any], writers: Sequence[Write]) -> bytes:
    """Return the DataRow message of one row.

    Parameters
    ----------
    row : sequence of length n
        Values as DuckDB's Python package returns them; None is NULL.
    writers : sequence of length n
        What writes each, from :func:`writers`.
    """
    parts = []
    for value, write in zip(row, writers, strict=True):
        if value is None:
            parts.append(_NULL)
        else:
            written = write(value)
            parts.append(len(written).to_bytes(4, "big"))
            parts.append(written)
    content = b"".join(parts)
    return struct.pack("!cih", b"D", len(content) + 6, len(row)) + content


def writers(kinds: Sequence[DuckDBPyType], formats: Sequence[int]) -> list[Write]:
    """Return what writes the values of columns in their formats."""
    return [
        _BINARY[of(kind).name] if form == BINARY else _TEXT.get(kind.id, _text)
        for kind, form in zip(kinds, formats, strict=True)
    ]


def _text(value: Any) -> bytes:
    return str(value).encode()


def _float(value: float) -> bytes:
    """Write the shortest text that is this number, as PostgreSQL does."""
    if value - value != 0:
        return b"NaN" if value != value else b"Infinity" if value > 0 else b"-Infinity"
    return repr(value).removesuffix(".0").encode()


def _digits(value: Decimal | int) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _packed(form: str) -> Write:
    return struct.Struct(form).pack


_PLAIN = frozenset(
    "boolean tinyint utinyint smallint usmallint integer uinteger bigint ubigint hugeint uhugeint"
    " decimal double varchar enum uuid blob".split()
)

_TEXT: dict[str, Write] = {
    "boolean": lambda value: b"t" if value else b"f",
    # The text of a Decimal may have an exponent.
    "decimal": lambda value: _digits(value).encode(),
    "double": _float,
    "blob": lambda value: b"\\x" + value.hex().encode(),
}

_BINARY: dict[str, Write] = {
    "bool": _packed("!?"),
    "int2": _packed("!h"),
    "int4": _packed("!i"),
    "int8": _packed("!q"),
    "float8": _packed("!d"),
    "numeric": lambda value: numeric_bytes(_digits(value)),
    "text": _text,
    "char": _text,
    "uuid": lambda value: bytes(value.bytes),
    "bytea": bytes,
}
