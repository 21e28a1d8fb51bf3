"""Runs work so that Ctrl-C ends it within a second."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Generic, NoReturn, TypeVar

import duckdb

from ecomsql import progress
from ecomsql.cli.messages import complain, note

T = TypeVar("T")

GRACE = 0.8
"""Seconds that work has to end by itself after Ctrl-C."""

WAKE = 0.1
"""Seconds between two looks for Ctrl-C."""

_temporary: set[Path] = set()


class Interrupted(Exception):
    """The user pressed Ctrl-C, and the work ended in time."""


class _Task(threading.Thread, Generic[T]):
    """A thread that keeps what its work returned or raised."""

    def __init__(self, work: Callable[[], T]) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()
        self.error: BaseException | None = None
        self.value: T
        self._work = work

    def run(self) -> None:
        """Do the work."""
        try:
            self.value = self._work()
        except BaseException as error:
            self.error = error
        finally:
            self.done.set()


def stoppable(con: duckdb.DuckDBPyConnection, work: Callable[[], T], *, patient: bool = False) -> T:
    """Do `work`, which uses `con`, in a thread, and return what it returns.

    On Ctrl-C the query is interrupted and the models are told to stop. What has not ended
    :data:`GRACE` seconds later ends with the process, exit code 130; a database file stays
    intact, as DuckDB writes ahead.

    Parameters
    ----------
    con : DuckDBPyConnection
        What is interrupted.
    work : callable
        What to do.
    patient : bool
        Whether to wait for work that does not end, until Ctrl-C comes again after :data:`GRACE`.

    Raises
    ------
    Interrupted
        The work ended after Ctrl-C.
    BaseException
        Whatever `work` raises.
    """
    progress.resume()
    task = _Task(work)
    task.start()
    try:
        # The system may hand the signal to a thread of torch, which does not wake this one.
        while not task.done.wait(WAKE):
            pass
    except KeyboardInterrupt:
        (_wait_for if patient else _end)(con, task)
    if task.error is not None:
        raise task.error
    return task.value


def _end(con: duckdb.DuckDBPyConnection, task: _Task[T]) -> None:
    """Stop the task, or the process."""
    # A second Ctrl-C ends the wait, whatever is being done when it comes.
    usual = signal.signal(signal.SIGINT, lambda *_: leave(130))
    progress.stop()
    con.interrupt()
    if task.done.wait(GRACE):
        signal.signal(signal.SIGINT, usual)
        raise Interrupted
    leave(130)


def _wait_for(con: duckdb.DuckDBPyConnection, task: _Task[T]) -> None:
    """Stop the task, however long it takes; a hurried second Ctrl-C does not end the process."""
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)
    progress.stop()
    try:
        if not _interrupted(con, task, GRACE):
            # Before it is said: who reads it may be quick.
            signal.signal(signal.SIGINT, lambda *_: leave(130))
            note("\nstopping ... (Ctrl-C once more to leave at once)")
            while not _interrupted(con, task, GRACE):
                pass
    finally:
        signal.signal(signal.SIGINT, usual)
    raise Interrupted


def _interrupted(con: duckdb.DuckDBPyConnection, task: _Task[T], seconds: float) -> bool:
    """Interrupt again and again, as the work may be between two queries; say if it has ended."""
    until = time.monotonic() + seconds
    while not task.done.is_set() and time.monotonic() < until:
        con.interrupt()
        task.done.wait(WAKE)
    return task.done.is_set()


def leave(code: int) -> NoReturn:
    """End the process at once, whatever its threads are doing."""
    for folder in _temporary:
        shutil.rmtree(folder, ignore_errors=True)
    complain("interrupted")
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


@contextmanager
def temporary_folder(beside: Path | None = None) -> Iterator[Path]:
    """Yield a new folder, gone afterwards, even when the process ends at once."""
    folder = Path(tempfile.mkdtemp(prefix=".ecomsql-" if beside else "ecomsql-", dir=beside))
    _temporary.add(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _temporary.discard(folder)
