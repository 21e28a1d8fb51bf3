"""A column as SQL hands it over, in its own Arrow type, becomes numbers or texts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ecomsql.features.calendar import DAY

PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
MONTH = 30 * DAY
"""Seconds of a month of an interval."""
PARTS = np.dtype([("months", "<i4"), ("days", "<i4"), ("nanoseconds", "<i8")])
"""How Arrow lays out an interval."""


def numbers_of(column: pa.Array) -> NDArray[np.float64]:
    """Return a column as float64 numbers, NaN for NULL and for what is no number.

    Booleans become 0 and 1; dates and times seconds since 1970, infinite ones infinite; intervals
    seconds, a month as 30 days.
    """
    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        found = column.to_numpy(zero_copy_only=False)
        return np.asarray(found, dtype=np.float64)
    if pa.types.is_boolean(kind):
        return numbers_of(pc.cast(column, pa.uint8()))
    if pa.types.is_decimal(kind):
        return numbers_of(pc.cast(column, pa.float64()))
    if pa.types.is_date32(kind):
        return _seconds(pc.cast(column, pa.int32()), 1.0 / DAY)
    if pa.types.is_timestamp(kind):
        return _seconds(column.view(pa.int64()), PER_SECOND[kind.unit])
    if pa.types.is_interval(kind):
        return _durations(column)
    return np.full(len(column), np.nan)


def texts_of(column: pa.Array) -> pa.Array:
    """Return a column as text, as far as it can be; else NULL.

    Times of the day have no fraction where there is none.
    """
    kind = column.type
    if pa.types.is_string(kind):
        return column
    if pa.types.is_dictionary(kind) or pa.types.is_large_string(kind):
        return pc.cast(column, pa.string())
    if pa.types.is_time(kind):
        return pc.replace_substring_regex(pc.cast(column, pa.string()), r"\.?0*$", "")
    return pa.nulls(len(column), pa.string())


def _seconds(steps: pa.Array, per_second: float) -> NDArray[np.float64]:
    """Return whole steps since 1970 in seconds; the greatest and the least are infinite."""
    whole = pc.fill_null(steps, 0).to_numpy()
    found: NDArray[np.float64] = whole / per_second
    last = np.iinfo(whole.dtype).max
    found[whole == last], found[whole == -last] = np.inf, -np.inf
    if steps.null_count:
        found[steps.is_null().to_numpy(zero_copy_only=False)] = np.nan
    return found


def _durations(column: pa.Array) -> NDArray[np.float64]:
    content = column.buffers()[1]
    parts = np.frombuffer(content, dtype=PARTS, count=column.offset + len(column))[column.offset :]
    found = parts["months"] * float(MONTH) + parts["days"] * float(DAY)
    found += parts["nanoseconds"] / 1e9
    found[column.is_null().to_numpy(zero_copy_only=False)] = np.nan
    return np.asarray(found, dtype=np.float64)
