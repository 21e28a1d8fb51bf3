"""Measures one server: ``python -m benchmarks.server.child WORKLOAD CONTESTANT``."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import psycopg

from benchmarks.server import data, load
from benchmarks.server.processes import ecomsql, postgresql

ONE_USER = """
    WITH one AS (FROM events WHERE user_id = %s)
    SELECT rank, item_id, score FROM recommend(one, model := 'm', k := 10)
"""
STORED = "SELECT rank, item_id, score FROM answers WHERE user_id = %s ORDER BY rank"
NOTHING = "SELECT %s::INTEGER"
PAUSE, SHORT_PAUSE = 1.0, 0.25
"""Seconds that somebody looks at a dashboard before the next click; that a hurried one does."""


def main() -> None:
    """Print the figures of one contestant as JSON."""
    workload, contestant = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(_WORKLOADS[workload](contestant, Path(folder) / "served.duckdb")))


def _stream(contestant: str, path: Path) -> dict[str, float]:
    if contestant == "in_process":
        start = time.perf_counter()
        rows = duckdb.sql(data.MANY).fetchall()
        seconds = time.perf_counter() - start
        return {"rows_a_second": len(rows) / seconds, "total_s": seconds}
    binary = contestant.endswith("binary")
    if contestant.startswith("postgresql"):
        with postgresql() as there:
            with psycopg.connect(there.dsn, autocommit=True) as con:
                con.execute(data.MANY_IN_POSTGRESQL)
            return load.read_all(there, binary=binary)
    data.make_many(path)
    with ecomsql(path) as there:
        return load.read_all(there, binary=binary)


def _wait(contestant: str, path: Path) -> dict[str, float]:
    data.make_shop(path)
    users = data.users(path)
    if contestant == "postgresql":
        with postgresql() as there:
            data.copy_answers(path, there.dsn)
            return load.wait_for_each(there, STORED, users)
    sql, pause = {
        "nothing": (NOTHING, 0.0),
        "stored": (STORED, 0.0),
        "model": (ONE_USER, 0.0),
        "model_paused": (ONE_USER, PAUSE),
        "model_hurried": (ONE_USER, SHORT_PAUSE),
    }[contestant]
    with ecomsql(path) as there:
        return load.wait_for_each(there, sql, users, pause=pause)


def _connections(contestant: str, path: Path) -> dict[str, float]:
    if contestant == "postgresql":
        with postgresql() as there:
            return load.come_and_go(there)
    data.make_many(path)
    with ecomsql(path) as there:
        return load.come_and_go(there)


_WORKLOADS: dict[str, Callable[[str, Path], dict[str, float]]] = {
    "stream": _stream,
    "wait": _wait,
    "connections": _connections,
}

if __name__ == "__main__":
    main()
