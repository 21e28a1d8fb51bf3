"""Lets Ctrl-C end what blocks before the server listens; asyncio would only take note of it."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator

import duckdb


@contextlib.contextmanager
def interruptible(con: duckdb.DuckDBPyConnection | None = None) -> Iterator[None]:
    """Raise KeyboardInterrupt when Ctrl-C comes.

    Parameters
    ----------
    con : DuckDBPyConnection, optional
        What may be running a query, which then ends on all of DuckDB's threads. By itself DuckDB
        ends it where it sees Ctrl-C, and waits there for the other threads, which nobody has told.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        if con is not None:
            con.interrupt()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
