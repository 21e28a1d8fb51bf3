"""Which queries have answered with few rows: a guess about the next time."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict

FEW = 1000
"""Rows that are few."""


_LITERALS = re.compile(r"'(?:[^']|'')*'|\b\d+\b")


def shape(query: str) -> str:
    """Return a query without its texts, and with the length of its numbers alone.

    A dashboard asks for another day or customer, and gets about as many rows; a limit or a `k` of
    more digits is another query.

    Examples
    --------
    >>> shape("FROM t1 WHERE day = '2026-01-02' AND user = 42 LIMIT 10")
    'FROM t1 WHERE day = ? AND user = ## LIMIT ##'
    """
    return _LITERALS.sub(lambda one: "?" if one[0][0] == "'" else "#" * len(one[0]), query)


class Few:
    """Remembers the newest queries of all sessions that had few rows, whatever their literals.

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
        return len(query) <= self._longest and shape(query) in self._known

    def learn(self, query: str, rows: int) -> None:
        """Take note of how many rows a query had."""
        if len(query) > self._longest:
            return
        key = shape(query)
        with self._lock:
            self._known.pop(key, None)
            if rows <= FEW:
                self._known[key] = None
                if len(self._known) > self._most:
                    self._known.popitem(last=False)
