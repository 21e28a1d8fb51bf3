"""``ecomsql serve --quack`` and ``ecomsql client-sql``, as a user runs them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import duckdb
import pytest
from quack_shell import TOKEN, ask, needs_quack, needs_shell

pytestmark = [needs_quack, needs_shell]

COMMAND = [sys.executable, "-m", "ecomsql.cli"]


@pytest.fixture
def served(tmp_path):
    """A server of a database with the table t, and the file that a shell needs for it."""
    path = tmp_path / "shop_data.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS x")
    environment = {**os.environ, "ECOMSQL_PASSWORD": TOKEN}
    server = subprocess.Popen(
        [*COMMAND, "serve", str(path), "--quack", "127.0.0.1:0", "--read-only"],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    said, _, address = server.stderr.readline().strip().rpartition(" ")
    assert said == "listening for DuckDB's clients on"
    init = tmp_path / "init.sql"
    subprocess.run(
        [*COMMAND, "client-sql", "--quack", address, "--here", "-o", str(init)],
        check=True,
        capture_output=True,
        env=environment,
    )
    yield server, init
    server.kill()
    server.wait()
    server.stderr.close()


def test_from_start_to_end(served):
    server, init = served
    assert ask(init, "FROM shop.t", "FROM shop.query('SELECT count(*) FROM t')").rows == ["1", "1"]
    assert "the server is read-only" in ask(init, "CREATE TABLE shop.u AS SELECT 1 AS x").err
    assert "Authentication failed" in ask(init, "FROM shop.t", token="wrong").err
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=20) == 0
