"""The past of a series, in the rhythm of its forecast."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecomsql.plots.panels import Numbers

SHORTEST_MONTH, LONGEST_MONTH = 28, 31
"""Days."""

_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def in_rhythm(
    x: Numbers, values: Numbers, ahead: Numbers, *, calendar: bool, total: bool
) -> tuple[Numbers, Numbers]:
    """Bring values to the steps of a forecast.

    Parameters
    ----------
    x, values : array of shape (rows,)
        The past, in any order; days since 1970 or numbers.
    ahead : array of shape (steps,)
        Where the forecast is, ascending. Of fewer than two steps there is no rhythm: only what
        is at the same place comes together.
    calendar : bool
        Whether places are days; steps may then be months.
    total : bool
        Whether values at one step are added up, and steps without any are 0; else averaged.

    Returns
    -------
    tuple of two arrays
        Places, ascending, and values.
    """
    if not len(x):
        return x, values
    step = _step(ahead)
    months = _months(ahead) if calendar else 0
    if months:
        at, place = _by_months(x, ahead, months)
    elif step:
        at = np.floor((x - ahead[0]) / step + 1e-6).astype(np.int64)
        place = ahead[0] + step * np.arange(at.min(), at.max() + 1)
    else:
        place, at = np.unique(x, return_inverse=True)
    at = at - at.min()
    counts = np.bincount(at, minlength=len(place))
    sums = np.bincount(at, weights=values, minlength=len(place)).astype(np.float64)
    if total:
        return place, sums
    there = counts > 0
    return place[there], sums[there] / counts[there]


def following(day: float, frequency: str) -> float:
    """Return the step after `day`, in days since 1970, by the name of a rhythm.

    Examples
    --------
    >>> following(0.0, "month")
    31.0
    """
    if frequency not in _MONTHS:
        return day + _DAYS.get(frequency, 1.0)
    at = np.array([day])
    at_end = int(_day_of(at + 1)[0] == 0)
    month = _month_of(at)[0] + _MONTHS[frequency] + at_end
    return float(np.datetime64(int(month), "M").astype("datetime64[D]").astype(int)) - at_end


def _step(ahead: Numbers) -> float:
    """Return the step between most places, or 0."""
    return float(np.median(np.diff(ahead))) if len(ahead) > 1 else 0.0


def _months(ahead: Numbers) -> int:
    """Return the months of a step, or 0 where steps are no months."""
    if len(ahead) < 2:
        return 0
    months = np.diff(_month_of(ahead))
    days = np.diff(ahead)
    one = int(months[0])
    fits = (days >= SHORTEST_MONTH * one) & (days <= LONGEST_MONTH * one)
    if one < 1 or not (months == one).all() or not fits.all():
        return 0
    # Four weeks twice within two months are no months.
    starts, ends = _day_of(ahead) == 0, _day_of(ahead + 1) == 0
    return one if starts.all() or ends.all() else 0


def _by_months(x: Numbers, ahead: Numbers, months: int) -> tuple[NDArray[np.int64], Numbers]:
    """Return which step each of `x` is in, and where the steps are."""
    first = _month_of(ahead)[0]
    at = (_month_of(x) - first) // months
    steps = np.arange(at.min(), at.max() + 1) * months + first
    at_end = bool(_day_of(ahead[:1])[0])
    place = (steps + at_end).astype("datetime64[M]").astype("datetime64[D]").astype(np.float64)
    return at, place - at_end


def _month_of(days: Numbers) -> NDArray[np.int64]:
    return _date(days).astype("datetime64[M]").astype(np.int64)


def _day_of(days: Numbers) -> NDArray[np.int64]:
    """Return the days since the first of the month."""
    whole = _date(days)
    since: NDArray[np.int64] = (whole - whole.astype("datetime64[M]")).astype(np.int64)
    return since


def _date(days: Numbers) -> NDArray[np.datetime64]:
    return np.floor(days).astype(np.int64).astype("datetime64[D]")
