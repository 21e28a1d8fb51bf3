"""The same query again: its answer comes by a shorter way, and is the same as by the long one."""

from __future__ import annotations

import datetime
import time

import pytest
from clients import needs
from raw_client import Raw, held, settled

from ecomsql.server.database import Database
from ecomsql.server.few import FEW, Few
from ecomsql.server.policy import Policy
from ecomsql.server.postgres.engine import Engine
from ecomsql.server.postgres.settings import Settings

psycopg = needs("psycopg", "psycopg[binary]")


@pytest.fixture
def con(server):
    with psycopg.connect(server.dsn, autocommit=True) as one:
        yield one


@pytest.fixture
def table(con):
    con.execute("CREATE TABLE few AS SELECT i AS a, 'x' || i AS b FROM range(3) AS r (i)")
    yield "few"
    con.execute("DROP TABLE few")


def test_the_second_answer_is_the_first(con):
    lists = "recommend(events, model := 'm', k := 3, exclude_seen := false)"
    query = f"FROM {lists} WHERE user_id < 5 ORDER BY ALL"
    first = con.execute(query)
    names, found = [column.name for column in first.description], first.fetchall()
    again = con.execute(query)
    assert [column.name for column in again.description] == names
    assert len(found) == 15
    assert again.fetchall() == found


@pytest.mark.parametrize("prepares", [False, True])
def test_other_columns_than_the_last_time(con, table, prepares):
    query = "SELECT * FROM few WHERE a < %s"
    for _ in range(2):
        assert con.execute(query, [1], prepare=prepares).fetchall() == [(0, "x0")]
    con.execute("ALTER TABLE few ADD COLUMN c DOUBLE DEFAULT 1.5")
    assert con.execute(query, [1], prepare=prepares).fetchall() == [(0, "x0", 1.5)]
    # A day is written by the long way.
    con.execute("ALTER TABLE few ALTER c TYPE DATE USING DATE '2026-01-02'")
    day = datetime.date(2026, 1, 2)
    for _ in range(2):
        assert con.execute(query, [1], prepare=prepares).fetchall() == [(0, "x0", day)]
    con.execute("ALTER TABLE few DROP COLUMN c")
    con.execute("ALTER TABLE few ALTER a TYPE VARCHAR")
    assert con.execute("SELECT a FROM few ORDER BY a LIMIT 1").fetchone() == ("0",)


def test_more_rows_than_the_last_time(con, table):
    query = "SELECT a, b FROM few ORDER BY a"
    for _ in range(2):
        assert len(con.execute(query).fetchall()) == 3
    con.execute("INSERT INTO few SELECT i, 'x' || i FROM range(3, 30000) AS r (i)")
    for _ in range(3):
        assert con.execute(query).fetchall() == [(i, f"x{i}") for i in range(30000)]


def test_rows_that_are_fetched_later(con, table):
    con.execute("INSERT INTO few SELECT i, 'x' || i FROM range(3, 900) AS r (i)")
    query = "SELECT a FROM few ORDER BY a"
    with con.transaction():
        for _ in range(3):
            assert len(con.execute(query).fetchall()) == 900
        with con.cursor(name="slow") as cursor:
            cursor.execute(query)
            assert cursor.fetchmany(2) == [(0,), (1,)]
            assert con.execute(query).fetchmany(2) == [(0,), (1,)]
            assert cursor.fetchmany(1) == [(2,)]


def test_portals_take_turns(server, table):
    with Raw(server) as client:
        client.log_in()
        for _ in range(2):
            assert client.answer("SELECT a FROM few ORDER BY a") == [b"0", b"1", b"2"]
        client.prepare("one", "SELECT a FROM few ORDER BY a")
        client.bind("first", "one").bind("second", "one")
        found = [client.rows(portal, 1) for portal in ("first", "second") * 4]
    assert found == [[b"0"], [b"0"], [b"1"], [b"1"], [b"2"], [b"2"], [], []]


def test_errors_the_second_time(con, table):
    query = "SELECT 10 // (a - %s) AS q, if(a = 2 AND %s, error('no'), 'yes') AS r FROM few"
    assert len(con.execute(query, [7, False]).fetchall()) == 3
    assert len(con.execute(query, [7, False]).fetchall()) == 3
    with pytest.raises(psycopg.Error, match="no"):
        con.execute(query, [7, True])
    assert len(con.execute(query, [7, False]).fetchall()) == 3
    con.execute("BEGIN")
    with pytest.raises(psycopg.Error, match="no"):
        con.execute(query, [7, True])
    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        con.execute(query, [7, False])
    con.execute("ROLLBACK")
    assert len(con.execute(query, [7, False]).fetchall()) == 3


def test_a_slow_one_can_be_cancelled(con, table):
    query = "SELECT count(*) FROM range(%s::BIGINT) AS a, range(100000) AS b"
    for _ in range(2):
        assert con.execute(query, [1]).fetchall() == [(100000,)]
    con.execute("SET statement_timeout = '300ms'")
    with pytest.raises(psycopg.errors.QueryCanceled):
        con.execute(query, [10**9])
    con.execute("SET statement_timeout = 0")
    assert con.execute(query, [1]).fetchall() == [(100000,)]


def test_clients_that_vanish_leave_nothing(server, con):
    query = "SELECT a.range FROM range(900) AS a"
    assert len(con.execute(query).fetchall()) == 900
    before = held(server)
    for _ in range(20):
        with Raw(server) as client:
            client.log_in().prepare("one", query).bind("", "one")
            assert len(client.rows("", 5)) == 5
    settled(server, before)


def test_what_writes_is_never_begun_twice(in_memory):
    in_memory.execute("CREATE SEQUENCE numbers")
    engine = Engine(Database(in_memory, Policy()), Settings("ecomsql", read_only=False))
    for query, is_known in (("SELECT nextval('numbers') AS n", False), ("SELECT 1 AS n", True)):
        answer = engine.answer(engine.plan(query), {})
        engine.opened(answer, [0])
        while engine.taken(answer, None)[2]:
            pass
        assert (query in engine.database.few) is is_known
    engine.close()


def test_another_customer_is_the_same_query():
    few = Few()
    few.learn("FROM t WHERE day = '2026-01-02' AND id = 42 LIMIT 10", 3)
    assert "FROM t WHERE day = 'it''s' AND id = 17 LIMIT 99" in few
    assert "FROM t WHERE day = '2026-01-02' AND id = 42 LIMIT 1000000" not in few
    assert "FROM t WHERE day = '2026-01-02' AND other = 42 LIMIT 10" not in few


def test_what_is_remembered_has_an_end():
    few = Few(most=2, longest=5)
    few.learn("a", 1)
    few.learn("b", FEW)
    few.learn("too long", 1)
    few.learn("c", FEW + 1)
    assert ["a" in few, "b" in few, "too long" in few, "c" in few] == [True, True, False, False]
    few.learn("a", 2)
    few.learn("d", 1)
    assert ["a" in few, "b" in few, "d" in few] == [True, False, True]
    few.learn("a", FEW + 1)
    assert "a" not in few


@pytest.mark.parametrize("is_known", [False, True], ids=["bound", "direct"])
def test_rows_that_nobody_wants_are_not_made(in_memory, is_known):
    made = []

    def slowly(values):
        made.append(len(values))
        time.sleep(0.003)
        return values

    in_memory.create_function("slowly", slowly, ["BIGINT"], "BIGINT", type="arrow")
    in_memory.execute("CREATE TABLE numbers AS FROM range(3_000_000) AS r (i)")
    engine = Engine(Database(in_memory, Policy()), Settings("ecomsql", read_only=False, process=1))
    query = "SELECT slowly(i) AS i FROM numbers"
    if is_known:
        engine.database.few.learn(query, 1)
    answer = engine.answer(engine.plan(query), {})
    engine.opened(answer, [0])
    assert engine.taken(answer, 1)[1:] == (1, True)
    before = len(made)
    engine.closed(answer)
    assert len(made) - before < 20
    assert before < 1000
    assert sum(made) < 3_000_000
    engine.close()
