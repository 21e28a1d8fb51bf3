"""A server that is killed while it writes: what was acknowledged is there, and nothing half."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time

from raw_client import Raw, message
from running_server import serving

import ecomsql

LONG = os.environ.get("ECOMSQL_LONG_TESTS") == "1"
ROUNDS = 20 if LONG else 2
WRITERS = 3
ROWS = 10
"""Rows of one transaction, in two tables."""

TABLES = (
    "CREATE TABLE IF NOT EXISTS orders (id BIGINT PRIMARY KEY, rows BIGINT);"
    "CREATE TABLE IF NOT EXISTS lines (id BIGINT, number BIGINT, text VARCHAR);"
)


class Writer(threading.Thread):
    """Writes transactions until the server is gone, and keeps which were acknowledged."""

    def __init__(self, server, first: int) -> None:
        super().__init__()
        self.server, self.first = server, first
        self.committed: list[int] = []
        self.asked = first

    def run(self) -> None:
        """Write."""
        with contextlib.suppress(EOFError, OSError), Raw(self.server) as client:
            client.log_in()
            while True:
                number = self.asked
                self._write(client, number)
                self.committed.append(number)
                self.asked += 1

    def _write(self, client: Raw, number: int) -> None:
        lines = (
            f"INSERT INTO lines SELECT {number}, i, repeat('x', 300) FROM range({ROWS}) AS r (i)"
        )
        order = f"INSERT INTO orders VALUES ({number}, {ROWS})"
        if number % 3 == 0:
            # Both in one message: one transaction that nobody has begun.
            client.answer(f"{lines}; {order}")
        elif number % 3 == 1:
            for text in ("BEGIN", lines, order, "COMMIT"):
                client.answer(text)
        else:
            for text in (lines, order):
                client.send(message(b"P", b"\0" + text.encode() + b"\0\0\0"))
                client.send(message(b"B", bytes(8)) + message(b"E", bytes(5)))
            client.send(message(b"S"))
            kinds = [kind for kind, _ in client.until(b"Z")]
            if b"E" in kinds:
                raise RuntimeError(kinds)


def _check(path, committed: set[int], asked: set[int]) -> int:
    """Open the database after the crash; return how many transactions are there."""
    with contextlib.closing(ecomsql.connect(path)) as con:
        there = {number for (number,) in con.execute("SELECT id FROM orders").fetchall()}
        assert committed <= there
        # What was on its way may be there too, and then as a whole.
        assert there <= committed | asked
        [(half,)] = con.execute(
            "SELECT count(*) FROM (SELECT id, count(*) AS n, count(DISTINCT number) AS d FROM lines"
            f" GROUP BY id) AS l FULL JOIN orders USING (id) WHERE n IS DISTINCT FROM {ROWS}"
            f" OR d IS DISTINCT FROM {ROWS} OR rows IS DISTINCT FROM {ROWS}"
        ).fetchall()
        assert half == 0
    return len(there)


def test_a_kill_loses_nothing_that_was_committed(tmp_path):
    chance = random.Random(3)
    path = tmp_path / "shop.duckdb"
    with contextlib.closing(ecomsql.connect(path)) as con:
        con.execute(TABLES)
    init = tmp_path / "init.sql"
    # So that some rounds end in the middle of a checkpoint.
    init.write_text("SET checkpoint_threshold = '200KB'")
    committed: set[int] = set()
    asked: set[int] = set()
    for round_ in range(ROUNDS):
        with serving(tmp_path, "--init", str(init), database=path) as server:
            first = round_ * 10**6
            writers = [Writer(server, first + at * 10**5) for at in range(WRITERS)]
            for writer in writers:
                writer.start()
            end = time.monotonic() + 10
            while not any(writer.committed for writer in writers) and time.monotonic() < end:
                time.sleep(0.01)
            time.sleep(chance.random() * 0.8)
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
            for writer in writers:
                writer.join(20)
                assert not writer.is_alive()
        for writer in writers:
            committed.update(writer.committed)
            asked.add(writer.asked)
        there = _check(path, committed, asked)
        assert any(writer.committed for writer in writers)
    print(f"{ROUNDS} kills, {len(committed)} commits acknowledged, {there} there")
