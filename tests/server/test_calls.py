"""Calls that clients write otherwise than DuckDB has them."""

from __future__ import annotations

import time

import pytest
from clients import needs

from ecomsql.server.postgres.calls import put_right

psycopg = needs("psycopg", "psycopg[binary]")

TEXT = "2026-01-05 00:00:00.000000"


@pytest.mark.parametrize(
    ("written", "right"),
    [
        (f"to_timestamp('{TEXT}', 'YYYY-MM-DD HH24:MI:SS.US')",
         f"STRPTIME('{TEXT}', '%Y-%m-%d %H:%M:%S.%f')"),
        ("TO_DATE('2026', 'YYYY') = to_timestamp(1)",
         "CAST(STRPTIME('2026', '%Y') AS DATE) = to_timestamp(1)"),
        ("to_date(to_char(x, 'YYYY'), 'YYYY')",
         "CAST(STRPTIME(STRFTIME(x, '%Y'), '%Y') AS DATE)"),
        # What only DuckDB has stays beside them.
        ("{'a': x -> x + 1}, t.* EXCLUDE (y), [to_char(x, 'YYYY')]",
         "{'a': x -> x + 1}, t.* EXCLUDE (y), [STRFTIME(x, '%Y')]"),
        ("FROM PREDICT(MODEL visits, TABLE model := 'm')", "FROM PREDICT(visits, model := 'm')"),
        ("FROM a.predict(MODEL 'f.csv', model => 'm', prediction_type := 'TABLE x := ')",
         "FROM a.predict('f.csv', model => 'm', prediction_type := 'TABLE x := ')"),
        ("FROM predict(MODEL (FROM PREDICT(MODEL a, TABLE model := 'x')), TABLE model := 'm')",
         "FROM predict((FROM PREDICT(a, model := 'x')), model := 'm')"),
        ("ROUND(CAST(avg(x) AS DECIMAL), 4), round(cast(y AS NUMERIC), n)",
         "ROUND(CAST(avg(x) AS DECIMAL(38, 15)), 4), round(cast(y AS DECIMAL(38, 15)), n)"),
    ],
)  # fmt: skip
def test_what_is_put_right(written, right):
    assert put_right(f"SELECT {written} -- to_date(a, b)") == f"SELECT {right} -- to_date(a, b)"


@pytest.mark.parametrize(
    "text",
    [
        "FROM predict(visits, model := 'm')",
        # A table may be called model.
        "FROM predict(model, model := 'm')",
        "FROM predict(model := 'm', data := visits)",
        "SELECT to_timestamp(0.5)",
        "SELECT 'to_date(a, b)', $$predict(MODEL a$$",
        "SELECT round(cast(x AS DECIMAL)), round(cast(x AS DECIMAL(9, 4)), 2), round(x, 2)",
        "SELECT cast(x AS DECIMAL), round(cast(x AS DOUBLE), 2), round(1 + cast(1 AS DECIMAL), 2)",
        "SELECT round(), round(cast())",
        "SELECT to_date('a', ",
        "SELECT to_date('a",
        "SELECT to_date)(((",
    ],
)
def test_what_stays(text):
    assert put_right(text) == text


@pytest.mark.parametrize("call", ["round(cast(", "predict(model a(", "to_date(", "to_date(a, "])
def test_calls_within_calls_take_no_long(call):
    text = f"SELECT {call * 1000}{'x, ' * 100_000}{')' * 2000}"
    begin = time.monotonic()
    put_right(text)
    assert time.monotonic() - begin < 10


def test_a_query_of_a_tool_around_one_of_its_user(server):
    query = f"""
        SELECT DATE_TRUNC('hour', ts) AS ts, sum(first) AS n
        FROM (
          SELECT * EXCLUDE (user_id), list_transform([1, 2], lambda x: x * 3)[1] AS first
          FROM events
        ) AS virtual_table
        WHERE ts >= TO_TIMESTAMP('{TEXT.replace("05", "01")}', 'YYYY-MM-DD HH24:MI:SS.US')
          AND ts < TO_TIMESTAMP('2026-01-01 02:00:00.500000', 'YYYY-MM-DD HH24:MI:SS.US')
        GROUP BY 1 ORDER BY 1
    """
    with psycopg.connect(server.dsn, autocommit=True) as con:
        found = [(at.hour, n) for at, n in con.execute(query)]
    assert found == [(0, 180), (1, 180), (2, 3)]


def test_a_prediction_that_sqlglot_wrote_again(server):
    query = "SELECT count(*), count(prediction) FROM PREDICT(MODEL visits, TABLE model := 'buyers')"
    with psycopg.connect(server.dsn, autocommit=True) as con:
        assert con.execute(query).fetchone() == (200, 200)
