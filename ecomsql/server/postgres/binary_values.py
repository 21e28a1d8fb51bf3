"""Values in PostgreSQL's binary format: SQL that prepares them, and the bytes from Arrow arrays.

Numbers are turned around as whole arrays. NUMERIC, arrays and the rarer types are written value by
value. Formats as PostgreSQL's ``*_send`` functions have them.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from duckdb.sqltypes import DuckDBPyType

from ecomsql.server.postgres.numeric import numeric_bytes
from ecomsql.server.postgres.types import JSON, element_of, of

EPOCH_DAYS = 10_957
"""Days from 1970, where Arrow begins to count, to 2000, where PostgreSQL does."""

EPOCH_MICROSECONDS = EPOCH_DAYS * 86_400_000_000

Encoder = Callable[[pa.Array], pa.Array]
"""Returns an array of bytes (``large_binary``) with the same NULLs."""


def binary_sql(kind: DuckDBPyType, value: str) -> str:
    """Return an expression for what the encoder of :func:`encoder` takes."""
    name = of(kind).name
    if kind.id in ("list", "array") and name != "json":
        element = element_of(kind)
        return f"list_transform({value}::{element}[], lambda _one: {binary_sql(element, '_one')})"
    if name == "json":
        return f"to_json({value})::VARCHAR"
    return _SQL.get(name, "{0}::VARCHAR").format(value)


def encoder(kind: DuckDBPyType) -> Encoder:
    """Return the function that writes an Arrow array of the type in binary."""
    name = of(kind)
    if kind.id in ("list", "array") and name is not JSON:
        element = element_of(kind)
        return _array_encoder(of(element).oid, encoder(element))
    return _ENCODERS.get(name.name, as_bytes)


_SQL = {
    "bool": "{0}",
    "int2": "{0}::SMALLINT",
    "int4": "{0}::INTEGER",
    "int8": "{0}::BIGINT",
    "float4": "{0}",
    "float8": "{0}",
    "bytea": "{0}",
    "date": "{0}",
    "time": "{0}::TIME",
    "timestamp": "{0}::TIMESTAMP",
    "timestamptz": "{0}",
    "interval": "{0}",
    "uuid": "unhex(replace({0}::VARCHAR, '-', ''))",
}


def as_bytes(values: pa.Array) -> pa.Array:
    """Return text or bytes as bytes."""
    return values.cast(pa.large_binary())


def fixed(rows: np.ndarray, validity: pa.Array) -> pa.Array:
    """Return rows of bytes of one length as an array, NULL where `validity` is false.

    Parameters
    ----------
    rows : ndarray of shape (n,)
        Of any dtype; its bytes are taken as they are.
    validity : BooleanArray of shape (n,)
    """
    whole = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(rows.dtype.itemsize), len(rows), [None, pa.py_buffer(np.ascontiguousarray(rows))]
    ).cast(pa.large_binary())
    return whole if validity is None else pc.if_else(validity, whole, pa.scalar(None, whole.type))


def _validity(values: pa.Array) -> pa.Array | None:
    return values.is_valid() if values.null_count else None


def _number(
    arrow: str, wire: str, *, change: Callable[[np.ndarray], np.ndarray] | None = None
) -> Encoder:
    """Return the encoder of numbers: Arrow's type, the dtype on the wire, what lies between."""

    def encode(values: pa.Array) -> pa.Array:
        validity = _validity(values)
        numbers = values.cast(arrow) if str(values.type) != arrow else values
        filled = numbers if validity is None else numbers.fill_null(0)
        there = filled.to_numpy(zero_copy_only=False)
        return fixed((change(there) if change else there).astype(wire), validity)

    return encode


def _days(days: np.ndarray) -> np.ndarray:
    return _shifted(days, EPOCH_DAYS, np.iinfo(np.int32))


def _microseconds(times: np.ndarray) -> np.ndarray:
    return _shifted(times, EPOCH_MICROSECONDS, np.iinfo(np.int64))


def _shifted(values: np.ndarray, by: int, limits: np.iinfo) -> np.ndarray:
    """Return times counted from 2000; the infinite ones stay, as PostgreSQL writes them."""
    moved = values - np.asarray(by, dtype=values.dtype)
    moved = np.where(values == limits.max, limits.max, moved)
    return np.where(values == -limits.max, limits.min, moved)


def _date(values: pa.Array) -> pa.Array:
    return _number("int32", ">i4", change=_days)(values.view(pa.int32()))


def _time(values: pa.Array) -> pa.Array:
    return _number("int64", ">i8")(values.view(pa.int64()))


def _timestamp(values: pa.Array) -> pa.Array:
    return _number("int64", ">i8", change=_microseconds)(values.view(pa.int64()))


def _bool(values: pa.Array) -> pa.Array:
    return _number("uint8", "u1")(values.cast(pa.uint8()))


_INTERVAL = np.dtype([("months", "<i4"), ("days", "<i4"), ("nanoseconds", "<i8")])
_INTERVAL_WIRE = np.dtype([("microseconds", ">i8"), ("days", ">i4"), ("months", ">i4")])


def _interval(values: pa.Array) -> pa.Array:
    rows = np.frombuffer(values.buffers()[1], dtype=_INTERVAL)
    rows = rows[values.offset : values.offset + len(values)]
    wire = np.zeros(len(rows), dtype=_INTERVAL_WIRE)
    wire["microseconds"] = rows["nanoseconds"] // 1000
    wire["days"], wire["months"] = rows["days"], rows["months"]
    return fixed(wire, _validity(values))


def _each(write: Callable[[str], bytes]) -> Encoder:
    """Return the encoder that writes texts one by one."""

    def encode(values: pa.Array) -> pa.Array:
        texts = values.to_pylist()
        return pa.array([None if one is None else write(one) for one in texts], pa.large_binary())

    return encode


def _time_with_zone(text: str) -> bytes:
    """Write ``01:02:03.5+02:30``."""
    clock, sign, zone = text.partition("+")
    if not sign:
        clock, sign, zone = text.partition("-")
    east = _seconds(zone) * (1 if sign == "+" else -1)
    return struct.pack("!qi", round(_seconds(clock) * 1_000_000), -round(east))


def _seconds(clock: str) -> float:
    parts = [float(part) for part in clock.split(":")] + [0.0, 0.0]
    return parts[0] * 3600 + parts[1] * 60 + parts[2]


def _bits(text: str) -> bytes:
    padded = text + "0" * (-len(text) % 8)
    return struct.pack("!i", len(text)) + int(padded or "0", 2).to_bytes(len(padded) // 8, "big")


def _array_encoder(oid: int, element: Encoder) -> Encoder:
    def encode(values: pa.Array) -> pa.Array:
        parts = element(values.flatten()).to_pylist()
        written, start = [], 0
        for length in pc.list_value_length(values).to_pylist():
            items = parts[start : start + (length or 0)]
            written.append(None if length is None else _array(oid, items))
            start += length or 0
        return pa.array(written, pa.large_binary())

    return encode


def _array(oid: int, items: list[bytes | None]) -> bytes:
    head = struct.pack("!iii", 1 if items else 0, int(None in items), oid)
    size = struct.pack("!ii", len(items), 1) if items else b""
    body = b"".join(
        b"\xff\xff\xff\xff" if one is None else struct.pack("!i", len(one)) + one for one in items
    )
    return head + size + body


_ENCODERS: dict[str, Encoder] = {
    "bool": _bool,
    "int2": _number("int16", ">i2"),
    "int4": _number("int32", ">i4"),
    "int8": _number("int64", ">i8"),
    "float4": _number("float", ">f4"),
    "float8": _number("double", ">f8"),
    "date": _date,
    "time": _time,
    "timetz": _each(_time_with_zone),
    "timestamp": _timestamp,
    "timestamptz": _timestamp,
    "interval": _interval,
    "numeric": _each(numeric_bytes),
    "varbit": _each(_bits),
}

oid_array = _array_encoder(26, _number("uint32", ">u4"))
"""Writes lists of numbers as lists of oids."""
