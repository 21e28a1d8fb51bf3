"""When people come: the day of the week, the time of the year, the hour of the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.float64]

START = dt.datetime(2025, 1, 1)
"""The shop's first day."""

WEEKLY = (0.90, 0.85, 0.85, 0.95, 1.05, 1.30, 1.10)
"""Factor of each weekday, Monday first; the mean is 1."""

YEARLY = 0.3
"""The year's amplitude: demand goes from 1 - YEARLY to 1 + YEARLY."""

PEAK = 339
"""Day of the year, from 0, on which demand is highest: 6 December."""

HOURLY = (2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 10, 11, 12, 11, 10, 10, 11, 13, 16, 19, 20, 17, 11, 5)
"""Weight of each hour of the day."""


def daily(days: int) -> Days:
    """Return the factor of each day, shape (days,): weekday times time of year."""
    day = np.arange(days)
    weekly = np.asarray(WEEKLY)[(START.weekday() + day) % 7]
    factor: Days = weekly * (1 + YEARLY * np.cos(2 * np.pi * (day - PEAK) / 365.25))
    return factor


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """A clock that runs fast when people come often: turns even waiting times into seasonal ones.

    Attributes
    ----------
    edges : float64 array, shape (24 * days + 1,)
        Reading of the seasonal clock at each full hour; a mean day adds 1.
    """

    edges: Days

    @classmethod
    def over(cls, days: int) -> Rhythm:
        """Return the clock of the first `days` days."""
        hourly = np.asarray(HOURLY) / sum(HOURLY)
        passed = np.cumsum(np.outer(daily(days), hourly).ravel())
        return cls(np.concatenate([[0.0], passed]))

    @property
    def end(self) -> float:
        """Reading after the last day."""
        return float(self.edges[-1])

    def reading(self, day: Days) -> Days:
        """Return the seasonal clock's reading at each day (with fraction)."""
        return np.interp(day, np.arange(len(self.edges)) / 24, self.edges)

    def day(self, reading: Days) -> Days:
        """Return the day (with fraction) of each reading."""
        return np.interp(reading, self.edges, np.arange(len(self.edges)) / 24)
