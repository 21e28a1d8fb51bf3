"""Runs work so that Ctrl-C ends it within a second."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Generic, TypeVar

import duckdb

from ecomsql import progress

T = TypeVar("T")

GRACE = 0.8
"""Seconds that work has to end by itself after Ctrl-C."""

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


def stoppable(con: duckdb.DuckDBPyConnection, work: Callable[[], T]) -> T:
    """Do `work`, which uses `con`, in a thread, and return what it returns.

    On Ctrl-C the query is interrupted and the models are told to stop. What has not ended
    :data:`GRACE` seconds later ends with the process, exit code 130; a database file stays
    intact, as DuckDB writes ahead.

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
        task.done.wait()
    except KeyboardInterrupt:
        _end(con, task)
    if task.error is not None:
        raise task.error
    return task.value


def _end(con: duckdb.DuckDBPyConnection, task: _Task[T]) -> None:
    """Stop the task, or the process."""
    progress.stop()
    # A second Ctrl-C ends the wait.
    with suppress(KeyboardInterrupt):
        con.interrupt()
        if task.done.wait(GRACE):
            raise Interrupted
    _leave(130)


def _leave(code: int) -> None:
    """End the process at once, with a thread still at work."""
    for folder in _temporary:
        shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError, ValueError):
        sys.stderr.write("Interrupted.\n")
        sys.stderr.flush()
        sys.stdout.flush()
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
