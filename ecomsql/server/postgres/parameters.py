"""Values that a client binds to parameters, as values of DuckDB."""

from __future__ import annotations

import datetime
import re
import struct
import uuid
from collections.abc import Callable
from typing import Any

import duckdb
from duckdb.sqltypes import DuckDBPyType

from ecomsql.server.postgres.errors import PostgresError
from ecomsql.server.postgres.messages import BINARY
from ecomsql.server.postgres.numeric import numeric_value
from ecomsql.server.postgres.types import TYPES, PgType

UNTYPED = (0, 25, 705, 1042, 1043)
"""Types of parameters that say nothing: none, text, unknown; the statement tells then."""


def decoded(data: bytes | None, form: int, kind: PgType, wanted: DuckDBPyType) -> Any:
    """Return the value of a parameter.

    Parameters
    ----------
    data : bytes or None
        As it was sent; None for NULL.
    form : int
        0: text; 1: binary.
    kind : PgType
        The type that the client says.
    wanted : DuckDBPyType
        The type that the statement takes.

    Raises
    ------
    PostgresError
        The value is none of its type.
    """
    if data is None:
        return duckdb.Value(None, wanted)
    try:
        if form != BINARY:
            return _of_text(data.decode(), wanted)
        if kind.element:
            return _array(data, kind)
        read = _READERS.get(kind.name)
        if read is None:
            raise PostgresError("0A000", f"parameters of type {kind.name} come as text only")
        return read(data)
    except (ValueError, struct.error, OverflowError, duckdb.Error) as error:
        raise PostgresError("22P02", f"invalid value of type {kind.name}: {error}") from error


def _of_text(text: str, wanted: DuckDBPyType) -> Any:
    if wanted.id == "varchar":
        return text
    if wanted.id == "blob":
        is_hex = text.startswith("\\x")
        return (
            bytes.fromhex(text[2:])
            if is_hex
            else text.encode().decode("unicode_escape").encode("latin-1")
        )
    if wanted.id in ("list", "array") and text.startswith("{"):
        return duckdb.Value(elements(text), wanted)
    if wanted.id == "date" or wanted.id.startswith("timestamp"):
        text = text.removesuffix(" AD")
    if wanted.id == "date":
        # Java's driver sends the zone with it.
        text = _ZONE.sub("", text)
    return duckdb.Value(text, wanted)


_ZONE = re.compile(r" [+-]\d\d(?::?\d\d)?$")
_ITEM = re.compile(r'\s*+(?:"((?:[^"\\]|\\.)*+)"\s*+|([^,{}"]*+))([,}])')


def elements(text: str) -> list[str | None]:
    r"""Return the elements of an array of one dimension as its text has them.

    Examples
    --------
    >>> elements('{1,NULL,"a,\\"b"}')
    ['1', None, 'a,"b']
    """
    if text.strip() == "{}":
        return []
    found: list[str | None] = []
    at = text.index("{") + 1
    while True:
        item = _ITEM.match(text, at)
        if item is None:
            raise ValueError(f"malformed array: {text[:50]}")
        quoted, bare, end = item.groups()
        if quoted is not None:
            found.append(re.sub(r"\\(.)", r"\1", quoted))
        else:
            found.append(None if bare.strip().upper() == "NULL" else bare.strip())
        at = item.end()
        if end == "}":
            return found


def _array(data: bytes, kind: PgType) -> list[Any]:
    dimensions, _, oid = struct.unpack("!iii", data[:12])
    if dimensions == 0:
        return []
    if dimensions != 1:
        raise PostgresError("0A000", "parameters that are arrays have one dimension")
    (count,) = struct.unpack("!i", data[12:16])
    read = _READERS.get(TYPES[oid].name) if oid in TYPES else None
    if read is None or count > len(data):
        raise ValueError("malformed array")
    items: list[Any] = []
    at = 20
    for _ in range(count):
        (length,) = struct.unpack("!i", data[at : at + 4])
        at += 4
        items.append(None if length < 0 else read(data[at : at + length]))
        at += max(length, 0)
    return items


_EPOCH = datetime.datetime(2000, 1, 1)
_EPOCH_UTC = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def _number(form: str) -> Callable[[bytes], Any]:
    def read(data: bytes) -> Any:
        return struct.unpack(form, data)[0]

    return read


def _moment(data: bytes) -> Any:
    return _since(_EPOCH, data, "TIMESTAMP")


def _moment_with_zone(data: bytes) -> Any:
    return _since(_EPOCH_UTC, data, "TIMESTAMP WITH TIME ZONE")


def _since(epoch: datetime.datetime, data: bytes, kind: str) -> Any:
    (microseconds,) = struct.unpack("!q", data)
    infinite = {2**63 - 1: "infinity", -(2**63): "-infinity"}.get(microseconds)
    if infinite:
        return duckdb.Value(infinite, duckdb.sqltype(kind))
    return epoch + datetime.timedelta(microseconds=microseconds)


def _date(data: bytes) -> Any:
    (days,) = struct.unpack("!i", data)
    infinite = {2**31 - 1: "infinity", -(2**31): "-infinity"}.get(days)
    if infinite:
        return duckdb.Value(infinite, duckdb.sqltype("DATE"))
    return _EPOCH.date() + datetime.timedelta(days=days)


def _time(data: bytes) -> Any:
    (microseconds,) = struct.unpack("!q", data)
    return (_EPOCH + datetime.timedelta(microseconds=microseconds)).time()


def _interval(data: bytes) -> Any:
    microseconds, days, months = struct.unpack("!qii", data)
    text = f"{months} months {days} days {microseconds} microseconds"
    return duckdb.Value(text, duckdb.sqltype("INTERVAL"))


def _uuid(data: bytes) -> Any:
    return uuid.UUID(bytes=data)


def _text(data: bytes) -> Any:
    return data.decode()


def _jsonb(data: bytes) -> Any:
    if data[:1] != b"\x01":
        raise ValueError("jsonb of an unknown version")
    return data[1:].decode()


def _bool(data: bytes) -> Any:
    return data != b"\0"


_READERS: dict[str, Callable[[bytes], Any]] = {
    "bool": _bool,
    "bytea": bytes,
    "int2": _number("!h"),
    "int4": _number("!i"),
    "int8": _number("!q"),
    "oid": _number("!I"),
    "float4": _number("!f"),
    "float8": _number("!d"),
    "text": _text,
    "varchar": _text,
    "bpchar": _text,
    "name": _text,
    "unknown": _text,
    "json": _text,
    "jsonb": _jsonb,
    "date": _date,
    "time": _time,
    "timestamp": _moment,
    "timestamptz": _moment_with_zone,
    "interval": _interval,
    "numeric": numeric_value,
    "uuid": _uuid,
}
