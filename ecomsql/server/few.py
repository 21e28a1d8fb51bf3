"""Which queries have answered with few rows: a guess about the next time."""

from __future__ import annotations

import threading
from collections import OrderedDict

FEW = 1000
"""Rows that are few."""


class Few:
    """Remembers the newest queries of all sessions that had few rows.

    Parameters
    ----------
    most : int
        How many queries.
    longest : int
        Letters of the longest that is remembered.
    """

    def __init__(self, most: int = 1000, longest: int = 10_000) -> None:
        self._most, self._longest = most, longest
        self._known: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, query: str) -> bool:
        return query in self._known

    def learn(self, query: str, rows: int) -> None:
        """Take note of how many rows a query had."""
        with self._lock:
            self._known.pop(query, None)
            if rows <= FEW and len(query) <= self._longest:
                self._known[query] = None
                if len(self._known) > self._most:
                    self._known.popitem(last=False)
