"""Clients: one that reads a lot, many that wait for each answer, a thousand that come and go."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Sequence

import psycopg

from benchmarks.server.data import ROWS
from benchmarks.server.processes import Served

CLIENTS = 16


def read_all(there: Served, *, binary: bool) -> dict[str, float]:
    """Fetch the million rows with psycopg as one result; look at the server's memory meanwhile."""
    with psycopg.connect(there.dsn, autocommit=True) as con:
        con.execute("SELECT 1")
        watch = _Watch(there)
        start = time.perf_counter()
        rows = con.cursor(binary=binary).execute("SELECT * FROM many").fetchall()
        seconds = time.perf_counter() - start
        growth = watch.end()
    if (
        len(rows) != ROWS
        or rows[7][2] != "item 7"
        or sum(row[0] for row in rows) != ROWS * (ROWS - 1) // 2
    ):
        raise AssertionError("other rows came than were asked for")
    return {"rows_a_second": ROWS / seconds, "total_s": seconds, "growth_mb": growth}


def wait_for_each(
    there: Served, sql: str, users: Sequence[int], *, seconds: float = 20.0, pause: float = 0.0
) -> dict[str, float]:
    """Let 16 clients ask, each as soon as it has its answer, or after a pause.

    Returns the times to the first row, median and 95th percentile, and the server's CPU time a
    call, in milliseconds.
    """
    times: list[float] = []
    failures: list[Exception] = []
    barrier = threading.Barrier(CLIENTS)
    used: list[float] = []

    def client(number: int) -> None:
        try:
            with psycopg.connect(there.dsn, autocommit=True) as con:
                for warm in range(6):
                    con.execute(sql, [users[(number + warm) % len(users)]]).fetchall()
                if barrier.wait() == 0:
                    used.append(there.cpu_s)
                end = time.perf_counter() + seconds
                # People do not click all at once.
                time.sleep(pause * number / CLIENTS)
                at = number
                while time.perf_counter() < end:
                    start = time.perf_counter()
                    found = con.execute(sql, [users[at % len(users)]]).fetchone()
                    times.append(time.perf_counter() - start)
                    assert found is not None
                    at += CLIENTS
                    time.sleep(pause)
        except Exception as error:
            failures.append(error)
            barrier.abort()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    used.append(there.cpu_s)
    cuts = statistics.quantiles(times, n=20)
    return {
        "p50_ms": statistics.median(times) * 1000,
        "p95_ms": cuts[18] * 1000,
        "calls_a_second": len(times) / seconds,
        "cpu_ms": (used[1] - used[0]) / len(times) * 1000,
    }


def come_and_go(there: Served, count: int = 1000) -> dict[str, float]:
    """Open, ask and close one connection after the other, and see what they leave behind."""
    for _ in range(20):
        _visit(there)
    before = (there.memory_mb, there.files)
    start = time.perf_counter()
    for _ in range(count):
        _visit(there)
    seconds = time.perf_counter() - start
    time.sleep(0.5)
    return {
        "total_s": seconds,
        "growth_mb": there.memory_mb - before[0],
        "files_left": there.files - before[1],
    }


def _visit(there: Served) -> None:
    with psycopg.connect(there.dsn, autocommit=True) as con:
        con.execute("SELECT 1").fetchall()


class _Watch:
    """Looks at a server's memory, ten times a second, until told to end."""

    def __init__(self, there: Served) -> None:
        self._there, self._is_over = there, threading.Event()
        self._before = self._most = there.memory_mb
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def end(self) -> float:
        """Return by how much the memory was above what it was at the start, in MB."""
        self._is_over.set()
        self._thread.join()
        return self._most - self._before

    def _look(self) -> None:
        while not self._is_over.wait(0.05):
            self._most = max(self._most, self._there.memory_mb)
