"""Lets the interpreter end while queries still run in daemon threads.

Python ends such a thread when it next asks for the interpreter's lock. A thread that is inside of
DuckDB or Torch then takes the whole process with it, as C++ does not survive that. So before the
interpreter ends all models are stopped, and what calls them has a moment to come back. Threads that
then ask the next question at once are beyond help.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import TMonitor

from ecomsql import progress

PATIENCE = 5.0
"""Seconds that models have to end, at most."""

QUIET = 0.5
"""Seconds in which no model may run: what DuckDB needs to end a query, once its model has."""

LOOK = 0.01
"""Seconds between two looks."""

_running: set[object] = set()
_interrupts: list[Callable[[], None]] = []


@contextmanager
def waited_for() -> Iterator[None]:
    """Let the end of the interpreter wait for what this thread does."""
    mark = object()
    _running.add(mark)
    try:
        yield
    finally:
        _running.discard(mark)


def before(interrupt: Callable[[], None]) -> None:
    """Have something called that interrupts queries, before the interpreter ends."""
    _interrupts.append(interrupt)


def _end() -> None:
    """Stop everything, and wait until nothing of it runs."""
    if not (_running or any(_may_ask(thread) for thread in threading.enumerate())):
        return
    progress.stop()
    for interrupt in _interrupts:
        interrupt()
    quiet_since = time.monotonic()
    until = quiet_since + PATIENCE
    while (now := time.monotonic()) < min(until, quiet_since + QUIET):
        if _running:
            quiet_since = now
        time.sleep(LOOK)


def _may_ask(thread: threading.Thread) -> bool:
    """Whether a thread may be in a query: not one of DuckDB's own, or that of the bars."""
    return thread.daemon and not isinstance(thread, threading._DummyThread | TMonitor)


# Python has by then waited for the threads that are no daemons.
atexit.register(_end)
