"""A stock DuckDB shell against a server in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from quack_shell import TOKEN, ask, command, needs_quack, needs_shell

import ecomsql
from ecomsql.errors import QuackError
from ecomsql.server import quack
from ecomsql.server.addresses import Address, parse_address
from ecomsql.server.client_sql import Client, client_sql
from ecomsql.server.policy import Policy
from ecomsql.server.quack_extension import EXTENSIONS, load, packaged

pytestmark = [needs_quack, needs_shell]

FREE = Address("127.0.0.1", 0)


class Server:
    """The process."""

    def __init__(self, folder: Path) -> None:
        script = Path(__file__).with_name("quack_server.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(folder / "shop_data.duckdb"), "127.0.0.1:0"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "ECOMSQL_PASSWORD": TOKEN},
        )
        self.uri = json.loads(self.process.stdout.readline())
        self.init = folder / "shop.sql"
        write_init(self.init, parse_address(self.uri.removeprefix("quack:")))

    def run(self, sql: str):
        """Run SQL on the server's own connection."""
        self.process.stdin.write(sql + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self) -> int:
        """Close its input, and wait."""
        self.process.stdin.close()
        try:
            return self.process.wait(timeout=20)
        finally:
            self.process.kill()
            self.process.stdout.close()


def write_init(file: Path, address: Address) -> None:
    """Write what a shell of this environment needs for a server."""
    extensions = tuple(packaged(name, f"v{duckdb.__version__}") for name in EXTENSIONS)
    file.write_text(client_sql(Client(address=address, extensions=extensions)), encoding="utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One server for all tests, which ends by itself with exit code 0."""
    started = Server(tmp_path_factory.mktemp("quack"))
    yield started
    assert started.end() == 0


def rows(server, *statements: str) -> list[str]:
    said = ask(server.init, *statements)
    assert said.code == 0, said.err
    return said.rows


def refused(server, statement: str) -> list[str]:
    """Return the lines of an error; nothing is printed but it."""
    said = ask(server.init, statement)
    assert (said.code, said.out) == (1, "")
    return [line for line in said.err.splitlines() if line and "Loading resources" not in line]


def test_functions_are_called_as_at_home(server):
    [(top,)] = server.run("SELECT count(*) FROM recommend(events, k := 3) WHERE rank = 1")
    found = rows(
        server,
        "SELECT count(*) FROM recommend('events', k := 3) WHERE rank = 1",
        "SELECT count(*) FROM recommend(events, k => 3) WHERE rank = 1",
        "SELECT DISTINCT method FROM forecast_price('prices', horizon := 2, method := 'naive')",
    )
    assert found == [str(top), str(top), "naive"]


def test_options_are_those_of_the_server(server):
    calls = [
        "recommend('events', k := 2, method := 'item_knn', similarity := 'jaccard')",
        "recommend('events', k := 2, model := 'm')",
        "evaluate_recommender('events', k := 2, method := ['popular', 'item_knn'])",
        "forecast_price('prices', horizon := 3, method := 'naive', level := 0.5)",
        "predict_churn('events', inactivity := INTERVAL 2 DAY, method := 'linear', "
        "as_of := TIMESTAMP '2026-01-10 12:00:00', event_col := NULL)",
        "ecomsql_functions()",
    ]
    asked = [
        f"SELECT md5(string_agg(r::VARCHAR, '|' ORDER BY r::VARCHAR)) FROM {c} r" for c in calls
    ]
    assert rows(server, *asked) == [server.run(sql)[0][0] for sql in asked]


def test_scalar_functions_take_constants(server):
    vector = "SELECT embed_text('good soap', (SELECT model FROM e))::VARCHAR"
    assert rows(
        server,
        "SET VARIABLE e = (SELECT model FROM shop.e)",
        "SELECT embed_text('good soap', getvariable('e'))::VARCHAR",
    ) == [f'"{server.run(vector)[0][0]}"']
    [said, *_] = refused(server, "SELECT embed_text(text, '') FROM (VALUES ('a')) AS t(text)")
    assert "only supports literals" in said or "does not support lateral join" in said


def test_functions_are_found_without_a_prefix(server):
    one = "SELECT count(*) FROM recommend(events, k := 1)"
    found = rows(
        server,
        f"FROM shop.query('{one}')",
        f"FROM quack_query('{server.uri}', '{one}')",
        "FROM shop.query('SELECT current_setting(''search_path'')')",
        "FROM shop.query('USE ecomsql; SELECT current_setting(''search_path'')')",
        "FROM shop.query('SELECT current_setting(''search_path'')')",
    )
    assert found[:2] == ["12", "12"]
    assert found[2].endswith('ecomsql.main"')
    assert found[3:] == ["ecomsql.main"] * 2


def test_results_are_used_like_tables(server):
    assert rows(
        server,
        "CREATE VIEW best AS FROM recommend('events', k := 1)",
        "SELECT count(*) FROM best",
        "CREATE TEMP TABLE kept AS FROM recommend('events', k := 2)",
        "SELECT count(*) FROM kept JOIN shop.events USING (user_id)",
        "PREPARE top AS SELECT count(*) FROM recommend('events', k := ?)",
        "EXECUTE top(1)",
    ) == ["12", "120", "12"]


def test_views_of_the_server_over_functions(server):
    server.run(
        "CREATE OR REPLACE VIEW prices_ahead AS FROM ecomsql.forecast_price(prices, horizon := 1)"
    )
    assert rows(server, "SELECT count(*) FROM shop.prices_ahead") == ["2"]


def test_errors_say_what_the_server_says(server):
    [said, *_] = refused(server, "FROM recommend('events', method := 'item_knm')")
    assert said.endswith("did you mean 'item_knn'?")
    assert "recommend: method := 'item_knm' is not one of" in said
    [said, *_] = refused(server, "FROM recommend('events', user_col := 'userid')")
    assert said.endswith("did you mean user_col := 'user_id'?")
    [said, *_] = refused(server, "FROM recommend('events', k := NULL)")
    assert "k := NULL is not a whole number" in said
    [said, *_] = refused(server, "FROM recommend('event')")
    assert said == "Invalid Input Error: Table with name event does not exist!"
    [said, *more] = refused(server, "FROM recommend('events', kk := 3)")
    assert "does not support the supplied arguments" in said
    assert any("recommend(data, k := 10, method := 'auto'" in line for line in more)
    [said, *_] = refused(server, "FROM recommend(NULL)")
    assert "NULL" in said


def test_what_only_the_client_has_is_not_found(server):
    made = "CREATE TABLE mine AS SELECT 1 AS user_id, 2 AS item_id"
    said = ask(server.init, made, "FROM recommend('mine')")
    assert "Table with name mine does not exist!" in said.err
    [said, *_] = refused(server, "FROM recommend('nowhere/mine.csv')")
    assert "No files found that match the pattern" in said


def test_hostile_names_are_names(server):
    strange = "it''s; DROP TABLE events; -- $$"
    before = server.run("SELECT count(*) FROM events")
    quoted = f'"{strange}"'
    assert rows(server, f"SELECT count(*) FROM recommend('{quoted}', k := 1)") == ["12"]
    for text in ("events''); DROP TABLE events; --", "$$; DROP TABLE events; --", "/* ", "\\''"):
        [said, *_] = refused(server, f"FROM recommend('events', user_col := '{text}')")
        assert f"no column '{text.replace(chr(39) * 2, chr(39))}' for user_col" in said
    assert server.run("SELECT count(*) FROM events") == before


def test_a_wrong_token_lets_nobody_in(server):
    said = ask(server.init, "FROM recommend('events')", token="another")
    assert (said.code, said.out) == (1, "")
    assert "Authentication failed" in said.err
    said = ask(server.init, "SELECT 1", token="")
    assert (said.code, said.out) == (1, "")
    assert "set the environment variable ECOMSQL_PASSWORD to the token of the server" in said.err


def test_the_token_is_shown_nowhere(server):
    everywhere = [
        f"SELECT count(*) FROM duckdb_{things}() AS t WHERE contains(t::VARCHAR, 'server''s token')"
        for things in ("secrets", "databases", "settings", "variables")
    ]
    assert rows(server, *everywhere) == ["0"] * 4
    assert [server.run(sql) for sql in everywhere] == [[[0]]] * 4


def test_two_clients_at_once(server):
    sql = "SELECT count(*) FROM recommend('events', k := 2)"
    both = [
        subprocess.Popen(
            command(server.init, "FROM shop.query('CREATE TEMP TABLE mine AS SELECT 7 AS x')", sql),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"ECOMSQL_PASSWORD": TOKEN},
        )
        for _ in range(2)
    ]
    assert [one.communicate(timeout=60)[0].split()[-1] for one in both] == ["24", "24"]


def test_a_killed_client_leaves_the_server_alive(server):
    slow = "FROM shop.query('SELECT max(hash(a.range)) FROM range(200000000) a')"
    client = subprocess.Popen(
        command(server.init, slow),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"ECOMSQL_PASSWORD": TOKEN},
    )
    said = "quack_active_connections() AS c WHERE contains(c::VARCHAR, 'max(hash')"
    running = f"SELECT count(*) FROM {said}"
    until(lambda: server.run(running) == [[1]])
    client.send_signal(signal.SIGKILL)
    client.wait()
    assert rows(server, "SELECT count(*) FROM recommend('events', k := 1)") == ["12"]


def until(holds, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_policy_of_reading(tmp_path):
    path = tmp_path / "kept.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS x")
    with ecomsql.connect(path, read_only=True) as con:
        policy = Policy(read_only=True)
        quack.prepare(con, policy)
        policy.apply(con)
        where = quack.start(con, FREE, token=TOKEN)
        init = tmp_path / "init.sql"
        write_init(init, where)
        for forbidden, said in (
            ("INSERT INTO shop.t VALUES (2)", "Authorization failed"),
            ("CREATE TABLE shop.u AS SELECT 1 AS x", "the server is read-only"),
            ("FROM shop.query('SELECT 1; COPY t TO ''out.csv'' ')", "does not run COPY"),
            ("FROM shop.query('FROM read_text(''/etc/hostname'')')", "disabled by configuration"),
            ("FROM shop.query('SET enable_external_access = true')", "does not let clients"),
            ("FROM shop.query('SELEC 1')", "syntax error"),
        ):
            done = ask(init, forbidden)
            assert (done.code, done.out) == (1, ""), forbidden
            assert said in done.err
        assert ask(init, "FROM shop.t", "FROM shop.query('FROM t')").rows == ["1", "1"]
        quack.stop(con, where)
        assert "Could not connect" in ask(init, "FROM shop.t").err
        again = quack.start(con, where, token=TOKEN)
        assert again == where
        assert ask(init, "FROM shop.t").rows == ["1"]
        quack.stop(con, again)


def test_a_port_that_is_taken(server):
    taken = parse_address(server.uri.removeprefix("quack:"))
    with ecomsql.connect() as con, pytest.raises(QuackError, match="Address already in use"):
        quack.start(con, taken, token=TOKEN)


def test_a_short_token():
    with ecomsql.connect() as con, pytest.raises(QuackError, match="4 letters or more"):
        quack.start(con, FREE, token="abc")


def test_a_host_that_is_not_here():
    with ecomsql.connect() as con, pytest.raises(QuackError, match="cannot listen on"):
        quack.start(con, Address("host.invalid", 9494), token=TOKEN)


def test_a_gate_of_somebody_else():
    with ecomsql.connect() as con:
        load(con)
        con.execute("CREATE MACRO mine(client, query) AS true")
        con.execute("SET GLOBAL quack_authorization_function = 'mine'")
        with pytest.raises(QuackError, match="quack_authorization_function is 'mine'"):
            quack.start(con, FREE, token=TOKEN)


def test_a_second_start_on_the_same_database():
    with ecomsql.connect() as con:
        first, second = (quack.start(con, FREE, token=TOKEN) for _ in range(2))
        assert first != second
        quack.stop(con, first)
        quack.stop(con, first)
        [(left,)] = con.execute("SELECT listen_uri FROM quack_server_list()").fetchall()
        assert left == f"quack:{second}"
        quack.stop(con, second)


def test_a_closed_database_is_free(tmp_path):
    path = tmp_path / "shop.duckdb"
    with ecomsql.connect(path) as con:
        quack.stop(con, quack.start(con, FREE, token=TOKEN, policy=Policy(read_only=True)))
    ecomsql.connect(path, read_only=True).close()
