"""psycopg against the server."""

from __future__ import annotations

import datetime
import threading
import time
import uuid
from decimal import Decimal

import pytest
from clients import needs

psycopg = needs("psycopg", "psycopg[binary]")


@pytest.fixture
def con(server):
    with psycopg.connect(server.dsn, autocommit=True) as one:
        yield one


VALUES = """
SELECT 1::SMALLINT, 2, 3::BIGINT, 1.5::FLOAT, 2.5::DOUBLE, true, 'x', '\\xAB'::BLOB,
       DATE '2026-02-03', TIME '01:02:03.5', TIMESTAMP '2026-01-01 01:02:03.5',
       TIMESTAMPTZ '2026-01-01 00:00:00+00',
       INTERVAL '14 months 3 days 4.5 seconds', 12345.678::DECIMAL(10,3), -0.5::DECIMAL(3,2),
       UUID '6d8b6f8e-0000-0000-0000-000000000001', [1, NULL, 3], ['a', 'b,"c\\'], NULL,
       []::INTEGER[],
       170141183460469231731687303715884105727::HUGEINT, 'inf'::DOUBLE, {'a': 1, 'b': [2]}
"""


@pytest.mark.parametrize("binary", [False, True])
def test_values_come_as_what_they_are(con, binary):
    found = con.cursor(binary=binary).execute(VALUES).fetchone()
    assert found == (
        1,
        2,
        3,
        1.5,
        2.5,
        True,
        "x",
        b"\xab",
        datetime.date(2026, 2, 3),
        datetime.time(1, 2, 3, 500000),
        datetime.datetime(2026, 1, 1, 1, 2, 3, 500000),
        datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        datetime.timedelta(days=365 + 60 + 3, seconds=4.5),
        Decimal("12345.678"),
        Decimal("-0.50"),
        uuid.UUID("6d8b6f8e-0000-0000-0000-000000000001"),
        [1, None, 3],
        ["a", 'b,"c\\'],
        None,
        [],
        Decimal(2**127 - 1),
        float("inf"),
        {"a": 1, "b": [2]},
    )


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (5, "INTEGER"),
        (2**40, "BIGINT"),
        (-1.25, "DOUBLE"),
        (Decimal("12.30"), "DECIMAL(10,2)"),
        ("it's \\ {1}", "VARCHAR"),
        (True, "BOOLEAN"),
        (b"\x00\xff", "BLOB"),
        (datetime.date(2026, 1, 2), "DATE"),
        (datetime.datetime(2026, 1, 2, 3, 4, 5, 6), "TIMESTAMP"),
        (datetime.datetime(2026, 1, 2, 3, tzinfo=datetime.UTC), "TIMESTAMPTZ"),
        (uuid.uuid4(), "UUID"),
        ([1, 2, None], "INTEGER[]"),
        (["a,", '"', None], "VARCHAR[]"),
        (None, "INTEGER"),
    ],
)
@pytest.mark.parametrize("form", ["%s", "%b", "%t"])
def test_parameters_go_there_and_back(con, value, kind, form):
    if form == "%b" and isinstance(value, str):
        pytest.skip("text is text in both formats")
    [(found,)] = con.execute(f"SELECT {form}::{kind}", [value]).fetchall()
    assert found == value


def test_types_of_parameters_are_inferred(con):
    rows = con.execute(
        "SELECT id FROM many WHERE id = %s AND ts < %s AND amount > %s LIMIT %s",
        ["5", "2026-06-01", "1.5", "1"],
    )
    assert rows.fetchall() == [(5,)]
    found = con.execute("SELECT * FROM recommend(events, model := 'm', k := %s)", ["2"]).fetchall()
    assert {rank for _, rank, _, _ in found} == {1, 2}


def test_functions_in_every_form(con):
    query = "SELECT rank, item_id FROM recommend(events, model := 'm', k := 2) WHERE user_id = 13"
    simple = con.execute(query).fetchall()
    assert [rank for rank, _ in simple] == [1, 2]
    for _ in range(7):
        assert con.execute(query, prepare=True).fetchall() == simple


@pytest.mark.parametrize(
    ("sql", "code", "said"),
    [
        ("SELEC 1", "42601", "syntax error"),
        ("SELECT nope FROM many", "42703", "nope"),
        ("SELECT * FROM nope", "42P01", "nope does not exist"),
        ("SELECT nope(1)", "42883", "nope"),
        ("SELECT 'a'::INTEGER", "22P02", "Could not convert"),
        ("INSERT INTO customers VALUES (1, NULL, 0, [])", "23502", "NOT NULL"),
        ("INSERT INTO customers VALUES (1, 'a', -1, [])", "23514", "CHECK"),
        ("INSERT INTO orders VALUES (1, 99, NULL)", "23503", "foreign key"),
        ("CREATE TABLE many (a INTEGER)", "42P07", "already exists"),
        ("SELECT id, count(*) FROM many", "42803", "GROUP BY"),
        ("FROM recommend(events, method := 'alz')", "22023", "method := 'alz' is not one of"),
        ("FROM recommend(events, user_col := 'user')", "22023", "no column 'user' for user_col"),
        ("LISTEN x", "0A000", "notifications"),
        ("FETCH 1 FROM nope", "34000", "nope"),
        ("SET client_encoding = 'LATIN1'", "22023", "LATIN1"),
        ("SET nope = 1", "42704", "nope"),
    ],
)
def test_errors_have_their_code(con, sql, code, said):
    with pytest.raises(psycopg.Error) as caught:
        con.execute(sql)
    assert caught.value.sqlstate == code, caught.value
    assert said in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert "\n  File" not in str(caught.value)
    assert con.execute("SELECT 1").fetchone() == (1,)


def test_hint_and_place_of_an_error(con):
    with pytest.raises(psycopg.Error) as caught:
        con.execute("SELECT id,\n  nam FROM many")
    assert "name" in caught.value.diag.message_hint
    assert caught.value.diag.statement_position == "14"


def test_a_failed_transaction_ends_with_rollback(server):
    with psycopg.connect(server.dsn) as con:
        con.execute("CREATE TABLE gone (a INTEGER)")
        with pytest.raises(psycopg.errors.UndefinedColumn):
            con.execute("SELECT nope FROM gone")
        with pytest.raises(psycopg.errors.InFailedSqlTransaction):
            con.execute("SELECT 1")
        con.rollback()
        with pytest.raises(psycopg.errors.UndefinedTable):
            con.execute("FROM gone")
        con.rollback()
        con.execute("CREATE TABLE kept (a INTEGER)")
        con.commit()
        assert con.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        con.execute("DROP TABLE kept")


def test_several_statements_at_once_are_one_transaction(con):
    with pytest.raises(psycopg.Error):
        con.execute("CREATE TABLE half (a INTEGER); INSERT INTO half VALUES (1); SELECT nope")
    with pytest.raises(psycopg.errors.UndefinedTable):
        con.execute("FROM half")
    assert con.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_a_pipeline_is_one_transaction(con):
    def pipe():
        with con.pipeline():
            con.execute("CREATE TABLE piped (a INTEGER)")
            con.execute("SELECT nope")

    with pytest.raises(psycopg.Error):
        pipe()
    with pytest.raises(psycopg.errors.UndefinedTable):
        con.execute("FROM piped")


def test_savepoints_hold_where_nothing_was_written(server):
    with psycopg.connect(server.dsn) as con:
        con.execute("SELECT 1")
        with pytest.raises(psycopg.errors.UndefinedColumn), con.transaction():
            con.execute("SELECT nope")
        assert con.execute("SELECT 2").fetchone() == (2,)


def test_one_connection_does_not_see_what_another_has_not_committed(server, con):
    with psycopg.connect(server.dsn) as other:
        other.execute("INSERT INTO customers VALUES (500, 'new', 1, [])")
        assert con.execute("SELECT count(*) FROM customers WHERE id = 500").fetchone() == (0,)
        other.rollback()


def test_counts_of_changed_rows(con):
    assert con.execute("INSERT INTO customers VALUES (1, 'a', 1, ['x'])").rowcount == 1
    assert con.execute("UPDATE customers SET spent = 2").statusmessage == "UPDATE 1"
    found = con.execute("INSERT INTO customers VALUES (%s, 'b', 1, NULL) RETURNING id, name", [2])
    assert found.fetchall() == [(2, "b")]
    assert con.execute("DELETE FROM customers").statusmessage == "DELETE 2"
    assert con.execute("CREATE TABLE made AS SELECT 1 AS a").statusmessage == "SELECT 1"
    assert con.execute("DROP TABLE made").statusmessage == "DROP TABLE"


def test_cursors_of_the_server(server):
    with psycopg.connect(server.dsn) as con, con.cursor(name="some") as cursor:
        cursor.itersize = 1000
        cursor.execute("SELECT id FROM many ORDER BY id")
        assert [row[0] for row in cursor.fetchmany(3)] == [0, 1, 2]
        # Another statement on the same connection leaves the cursor where it is.
        assert con.execute("SELECT 42").fetchone() == (42,)
        assert cursor.fetchone() == (3,)
        assert len(cursor.fetchall()) == 100_000 - 4


def test_a_running_query_is_cancelled(con):
    threading.Timer(0.5, con.cancel).start()
    start = time.monotonic()
    with pytest.raises(psycopg.errors.QueryCanceled):
        con.execute("SELECT count(*) FROM range(10000000000) a, range(1000) b")
    assert time.monotonic() - start < 10
    assert con.execute("SELECT 1").fetchone() == (1,)


def test_time_runs_out(con):
    con.execute("SET statement_timeout = '300ms'")
    with pytest.raises(psycopg.errors.QueryCanceled, match="statement timeout"):
        con.execute("SELECT count(*) FROM range(10000000000) a, range(1000) b")
    con.execute("RESET statement_timeout")
    assert con.execute("SHOW statement_timeout").fetchone() == ("0",)


def test_a_slow_query_does_not_hold_up_others(server, con):
    with psycopg.connect(server.dsn, autocommit=True) as slow:

        def wait():
            with pytest.raises(psycopg.Error):
                slow.execute("SELECT count(*) FROM range(10000000000) a, range(1000) b")

        thread = threading.Thread(target=wait)
        thread.start()
        time.sleep(0.2)
        start = time.monotonic()
        for _ in range(5):
            con.execute("SELECT 1")
        assert time.monotonic() - start < 2
        slow.cancel()
        thread.join(timeout=20)
        assert not thread.is_alive()


def test_copy_out(con):
    con.execute("CREATE TEMP TABLE odd (a INTEGER, b VARCHAR)")
    con.execute(
        "INSERT INTO odd VALUES (1, 'x'), (2, NULL), (3, ''), (4, E'tab\\there \"q\", \\\\')"
    )
    text = 'a\tb\n1\tx\n2\t\\N\n3\t\n4\ttab\\there "q", \\\\\n'
    csv = 'a,b\n1,x\n2,\n3,""\n4,"tab\there ""q"", \\"\n'
    for options, expected in (("HEADER", text), ("FORMAT csv, HEADER", csv)):
        with con.cursor().copy(f"COPY odd TO STDOUT ({options})") as copy:
            assert b"".join(copy).decode() == expected
    with con.cursor().copy(
        "COPY (SELECT a, b FROM odd ORDER BY a) TO STDOUT (FORMAT BINARY)"
    ) as copy:
        copy.set_types(["int4", "text"])
        assert list(copy.rows())[:2] == [(1, "x"), (2, None)]
    con.execute("DROP TABLE odd")


def test_settings_of_the_session(con):
    assert con.info.parameter_status("server_version").startswith("15.0")
    con.execute("SET TIME ZONE 'Europe/Berlin'")
    assert con.info.parameter_status("TimeZone") == "Europe/Berlin"
    [(moment,)] = con.execute("SELECT TIMESTAMPTZ '2026-01-01 00:00:00+00'").fetchall()
    assert str(moment) == "2026-01-01 01:00:00+01:00"
    con.execute("CREATE SCHEMA IF NOT EXISTS other")
    con.execute("SET search_path TO other, public")
    assert con.execute("SHOW search_path").fetchone() == ("other, main",)
    # The functions are still found.
    assert con.execute("FROM recommend(main.events, k := 1)").fetchone() is not None
    con.execute("DISCARD ALL")
    assert con.execute("SHOW search_path").fetchone() == ("main",)
    con.execute("DROP SCHEMA other")


@pytest.mark.parametrize(
    ("postgres", "answer"),
    [
        (
            "SELECT to_char(TIMESTAMP '2026-03-04 05:06:07', 'YYYY-MM-DD HH24:MI')",
            "2026-03-04 05:06",
        ),
        ("SELECT 'abc' ~* 'B'", True),
        ("SELECT 'abc' !~ '^b'", True),
        ("SELECT version() LIKE 'PostgreSQL 15%%'", True),
        ("SELECT current_user", "ecomsql"),
        ("SELECT 'customers'::regclass::text", "customers"),
        ("SELECT json_build_object('a', 1)::text", '{"a":1}'),
        ("SELECT current_setting('server_version_num')", "150000"),
        ("SELECT (ARRAY['a','b'])[2]", "b"),
    ],
)
def test_spellings_of_postgresql(con, postgres, answer):
    assert con.execute(postgres.replace("%%", "%")).fetchone() == (answer,)


def test_functions_beside_spellings_of_postgresql(con):
    query = """
        SELECT to_char(DATE '2026-03-04', 'YYYY'), 'predict(', count(*), count(prediction)
        FROM predict(visits, model := 'buyers')
    """
    assert con.execute(query).fetchall() == [("2026", "predict(", 200, 200)]


def test_no_statement_at_all(con):
    assert con.execute("").statusmessage is None
    assert con.execute("-- nothing").statusmessage is None
    assert con.execute(";;SELECT 1;;").fetchone() == (1,)


def test_a_million_values_in_bounded_memory(server, con):
    con.execute("SELECT 1")
    before = server.memory
    most = 0
    with con.cursor() as cursor:
        for number, _ in enumerate(
            cursor.stream("SELECT m.* FROM many AS m, range(10)", size=10_000)
        ):
            if number % 100_000 == 0:
                most = max(most, server.memory)
    assert number == 999_999
    assert most - before < 200 << 20
