"""Parts of the calendar that a time falls on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DAY = 86_400
"""Seconds of a day."""
PARTS = ("second", "month", "weekday", "hour")
"""The time itself, in seconds since 1970; month 1 to 12; weekday 0 (Monday) to 6; hour 0 to 23."""


def part_of(seconds: NDArray[np.float64], part: str) -> NDArray[np.float64]:
    """Return a part of times in seconds since 1970 (UTC), one of :data:`PARTS`; NaN stays NaN.

    Examples
    --------
    >>> part_of(np.array([0.0, 90_000.0]), "weekday")  # 1970 began on a Thursday
    array([3., 4.])
    """
    if part == "second":
        return seconds
    days = np.floor(seconds / DAY)
    if part == "weekday":
        weekday: NDArray[np.float64] = np.mod(days + 3, 7)
        return weekday
    if part == "hour":
        hour: NDArray[np.float64] = np.floor((seconds - days * DAY) / 3600)
        return hour
    missing = np.isnan(seconds)
    dates = np.where(missing, 0, days).astype("datetime64[D]")
    month = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    return np.where(missing, np.nan, month.astype(np.float64))


def end_of_day(day: int) -> float:
    """Return the last microsecond of a day (since 1970), in seconds since 1970.

    Examples
    --------
    >>> end_of_day(0)
    86399.999999
    """
    return (day + 1) * DAY - 1e-6
