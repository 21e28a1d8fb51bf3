"""Superset against the server, as a person uses it: connections, SQL Lab, datasets, charts."""

from __future__ import annotations

import dataclasses
import threading
import time

import pytest
from clients import needs, needs_environment
from running_server import serving
from superset_client import COUNT, Superset, chart_of, grained, metric, running, uri

import ecomsql

psycopg = needs("psycopg", "psycopg[binary]")

SHOP = """
CREATE TABLE events AS
SELECT (i * 7919 % 101)::INTEGER AS user_id, (i * i % 37)::INTEGER AS item_id,
       TIMESTAMP '2026-01-01' + INTERVAL (i) HOUR AS ts,
       CASE WHEN i % 5 > 0 THEN (i % 7)::DECIMAL(10, 2) END AS amount
FROM range(2000) AS r (i);
COMMENT ON TABLE events IS 'who took what';
CREATE TABLE m AS FROM train_recommender(events, method := 'item_knn');
CREATE TABLE visits AS
SELECT i % 7 AS pages, i % 3 AS source, i % 7 > 3 AS bought FROM range(200) AS r (i);
CREATE TABLE buyers AS FROM train_classifier(visits, 'bought', method := 'linear');
CREATE VIEW recs AS SELECT * FROM recommend(events, model := 'm', k := 3);
CREATE VIEW firsts AS FROM events QUALIFY row_number() OVER (PARTITION BY user_id ORDER BY ts) = 1;
CREATE TABLE odd (
    id INTEGER PRIMARY KEY, name VARCHAR, day DATE, ts TIMESTAMP, moment TIMESTAMPTZ,
    price DECIMAL(10, 2), ratio DOUBLE, ok BOOLEAN, tags VARCHAR[], nested STRUCT(a INTEGER),
    doc JSON, whose UUID, kind ENUM ('x', 'y')
);
INSERT INTO odd VALUES
(1, 'it''s "5" %', '2026-01-02', '2026-01-02 03:04:05.5', '2026-01-02 03:04:05+00', 12.50, 0.1,
 true, ['a', 'b'], {'a': 1}, '{"k": [1, 2]}', '6d8b6f8e-0000-0000-0000-000000000001', 'x'),
(2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(3, 'ü', '2026-02-03', '2026-02-03 03:04:05', '2026-02-03 03:04:05+00', -1.25, 1e300, false, [],
 {'a': NULL}, '[]', '6d8b6f8e-0000-0000-0000-000000000003', 'y');
CREATE SCHEMA other;
CREATE TABLE other.things AS SELECT 1 AS a;
"""

RECOMMENDED = "SELECT * FROM recommend(events, model := 'm', k := 3)"

JANUARY = 1767225600000
"""The first of January 2026, in the milliseconds that Superset tells times in."""

DAY = 24 * 3600 * 1000


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    with ecomsql.connect(folder / "shop.duckdb") as con:
        con.execute(SHOP)
    with serving(folder, database=folder / "shop.duckdb") as running_server:
        yield running_server


@pytest.fixture(scope="module")
def superset(server, tmp_path_factory):
    """A Superset with a connection to the server, made in its form."""
    python = needs_environment(".venv-superset")
    with running(python, tmp_path_factory.mktemp("superset")) as found:
        body = {
            "database_name": "shop",
            "sqlalchemy_uri": uri(server),
            "expose_in_sqllab": True,
            "allow_dml": True,
            "allow_ctas": True,
            "allow_cvas": True,
            "allow_file_upload": True,
            "extra": '{"cost_estimate_enabled": true}',
        }
        status, answer = found.ask("POST", "database/", body)
        assert status == 201, answer
        found.database = answer["id"]
        yield found


@pytest.fixture(scope="module")
def events(superset):
    """The dataset of a table."""
    return superset.dataset("events")


@pytest.fixture(scope="module")
def recs(superset):
    """The dataset of a view."""
    return superset.dataset("recs")


@pytest.fixture(scope="module")
def odd(superset):
    return superset.dataset("odd")


# Connections, and what is there.


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, ""),
        ({"password": "wrong"}, 'The password provided for username "ecomsql" is incorrect.'),
        ({"database": "nope"}, 'Unable to connect to database "nope".'),
    ],
)
def test_a_connection(superset, server, change, message):
    body = {"database_name": "another", "sqlalchemy_uri": uri(server, **change)}
    status, answer = superset.ask("POST", "database/test_connection/", body)
    assert status == (400 if message else 200)
    assert not message or [one["message"] for one in answer["errors"]] == [message]


def test_what_is_there(superset):
    there = f"database/{superset.database}"
    assert superset.ask("GET", f"{there}/catalogs/")[1]["result"] == ["shop"]
    assert {"main", "other"} < set(superset.ask("GET", f"{there}/schemas/")[1]["result"])
    _, tables = superset.ask("GET", f"{there}/tables/?q=(schema_name:main)")
    found = {one["value"]: one["type"] for one in tables["result"]}
    assert found == {
        **dict.fromkeys(["buyers", "events", "m", "odd", "visits"], "table"),
        **dict.fromkeys(["firsts", "recs"], "view"),
    }


def test_columns(superset):
    path = f"database/{superset.database}/table_metadata/?schema=main&name="
    _, events = superset.ask("GET", f"{path}events")
    assert events["comment"] == "who took what"
    assert [(one["name"], one["type"]) for one in events["columns"]] == [
        ("user_id", "INTEGER"),
        ("item_id", "INTEGER"),
        ("ts", "TIMESTAMP"),
        ("amount", "NUMERIC"),
    ]
    _, recs = superset.ask("GET", f"{path}recs")
    assert [one["name"] for one in recs["columns"]] == ["user_id", "rank", "item_id", "score"]
    assert {rank for _, rank, _, _ in superset.rows(recs["selectStar"])} == {1, 2, 3}


# SQL Lab.


@pytest.mark.parametrize(
    "call",
    [
        RECOMMENDED,
        "FROM recommend(events, model := 'm', k := 3)",
        "SELECT * FROM ecomsql.recommend(events, model => 'm', k => 3)",
        "WITH r AS (FROM recommend(events, model := 'm', k := 5)) SELECT * FROM r WHERE rank <= 3",
    ],
)
def test_recommendations(superset, call):
    found = superset.rows(call)
    assert len(found) == 241
    assert {rank for _, rank, _, _ in found} == {1, 2, 3}


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT count(*) FROM events", [(2000,)]),
        ("SELECT DISTINCT metric FROM evaluate_recommender(events, method := ['popular'])"
         " WHERE metric = 'ndcg'", [("ndcg",)]),
        ("SELECT DISTINCT split FROM train_test_split(visits, test := 0.2) ORDER BY 1",
         [("test",), ("train",)]),
        ("SELECT count(*) FROM similar_items(events, k := 2) WHERE item_id = 0", [(2,)]),
        ("SELECT * EXCLUDE (ts, amount) FROM events WHERE ts = '2026-01-01'", [(0, 0)]),
        # Superset makes it round(cast(avg(x) AS DECIMAL), 5).
        ("SELECT round(avg(x), 5) AS mean FROM (VALUES (0.123456::DOUBLE)) AS v (x)", [(0.12346,)]),
        ("SELECT 'x%y' AS a, NULL AS b, [1, 2] AS c", [("x%y", None, "[1, 2]")]),
    ],
)  # fmt: skip
def test_queries(superset, sql, rows):
    assert superset.rows(sql) == rows


def test_predictions(superset):
    """Superset makes it ``PREDICT(MODEL visits, TABLE model := 'buyers')``."""
    query = "SELECT count(*), count(prediction) FROM predict(visits, model := 'buyers')"
    assert superset.rows(query) == [(200, 200)]
    superset.rows("CREATE VIEW scored AS SELECT * FROM predict(visits, model := 'buyers')")
    assert superset.rows("SELECT count(*), count(probability) FROM scored") == [(200, 200)]
    superset.rows("DROP VIEW scored")


def test_a_view_made_of_a_query(superset):
    more = {"select_as_cta": True, "ctas_method": "VIEW", "tmp_table_name": "kept"}
    superset.rows(RECOMMENDED, **more)
    assert superset.rows("SELECT count(*) FROM kept") == [(241,)]
    superset.rows("DROP VIEW kept")


def test_a_view_keeps_what_superset_would_write_otherwise(superset):
    """In SQL Lab, the limit of rows would go below a QUALIFY."""
    assert superset.rows("SELECT count(*) FROM firsts") == [(101,)]
    assert len(superset.rows("FROM firsts", queryLimit=10)) == 10


def test_the_schema_chosen_beside_the_query(superset):
    assert superset.rows("SELECT * FROM things", schema="other") == [(1,)]
    query = "SELECT count(*) FROM recommend(main.events, model := 'main.m', k := 3)"
    assert superset.rows(query, schema="other") == [(241,)]


def test_most_rows(superset):
    assert len(superset.rows(RECOMMENDED, queryLimit=10)) == 10


@pytest.mark.parametrize(
    ("sql", "parts"),
    [
        ("SELECT * FROM recommend(events, method := 'alz')",
         ["method := 'alz' is not one of", "HINT:  did you mean 'als'?"]),
        ("SELECT * FROM recommed(events)",
         ["recommed does not exist", 'HINT:  Did you mean "recommend"?']),
        ("SELECT nope FROM events", ['"nope" not found', "LINE 2:   nope\n", "Candidate bindings"]),
    ],
)  # fmt: skip
def test_errors(superset, sql, parts):
    message = superset.error(sql)
    assert [part for part in parts if part not in message] == [], message
    assert "Traceback" not in message


def test_values(superset):
    columns = superset.execute("SELECT * FROM odd")[1]["columns"]
    assert [one["type"] for one in columns] == [
        *("INTEGER", "STRING", "DATE", "DATETIME", "DATETIMETZ", "DECIMAL", "FLOAT", "BOOLEAN"),
        *("STRINGARRAY", "JSON", "JSON", "STRING", "STRING"),
    ]
    first, second, third = superset.rows("SELECT * FROM odd ORDER BY id")
    assert first == (
        1, "it's \"5\" %", "2026-01-02", "2026-01-02T03:04:05.500000", "2026-01-02T03:04:05+00:00",
        12.5, 0.1, True, '["a", "b"]', "{'a': 1}", "{'k': [1, 2]}",
        "6d8b6f8e-0000-0000-0000-000000000001", "x",
    )  # fmt: skip
    assert second == (2, *[None] * 12)
    assert (third[1], third[5:8], third[8:11]) == (
        "ü",
        (-1.25, 1e300, False),
        ("[]", "{'a': None}", "[]"),
    )


BUSY = "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"


def _works_for_long(con) -> bool:
    """Wait until a session has been busy for a while with the same."""
    end, before = time.monotonic() + 30, []
    while time.monotonic() < end:
        time.sleep(0.3)
        now = con.execute(BUSY).fetchall()
        if now and now == before:
            return True
        before = now
    return False


def test_a_query_is_stopped(superset, server):
    answers = []
    query = "SELECT count(*) FROM range(10000000000) AS a (i), range(1000) AS b (j)"
    thread = threading.Thread(
        target=lambda: answers.append(superset.execute(query, client_id="stopped"))
    )
    thread.start()
    with psycopg.connect(server.dsn, autocommit=True) as con:
        is_begun = _works_for_long(con)
        told = superset.ask("POST", "query/stop", {"client_id": "stopped"})
        thread.join(timeout=20)
        assert is_begun
        assert told == (200, {"result": "OK"})
        assert not thread.is_alive()
        assert con.execute(BUSY).fetchall() == []
    # Superset answers 500, or 200 with its word for it, as its threads meet.
    [(status, answer)] = answers
    assert status == 500 or answer["status"] == "stopped"


def test_the_cost_of_a_query(superset):
    """DuckDB tells none, and none is shown."""
    body = {"database_id": superset.database, "sql": RECOMMENDED, "schema": "main"}
    assert superset.ask("POST", "sqllab/estimate/", body) == (200, {"result": [{}]})


def test_a_file_is_uploaded(superset):
    fields = {"type": "csv", "table_name": "uploaded", "schema": "main"}
    part = "--x\r\nContent-Disposition: form-data; name="
    parts = [f'{part}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    parts.append(f'{part}"file"; filename="a.csv"\r\n\r\na,b\r\n1,x\r\n2,\r\n\r\n--x--\r\n')
    kind = "multipart/form-data; boundary=x"
    path = f"database/{superset.database}/upload/"
    status, answer = superset.ask("POST", path, "".join(parts).encode(), kind)
    assert status == 201, answer
    assert superset.rows("SELECT * FROM uploaded ORDER BY a") == [(1, "x"), (2, None)]
    superset.rows("DROP TABLE uploaded")


# Datasets and charts.


def test_types_of_columns(superset, events, odd):
    assert superset.columns(events) == {
        "user_id": ("number", False),
        "item_id": ("number", False),
        "ts": ("time", True),
        "amount": ("number", False),
    }
    kinds = {name: kind for name, (kind, _) in superset.columns(odd).items()}
    assert kinds == {
        **dict.fromkeys(["id", "price", "ratio"], "number"),
        **dict.fromkeys(["day", "ts", "moment"], "time"),
        **dict.fromkeys(["name", "tags", "nested", "doc", "kind"], "text"),
        "ok": "truth",
        "whose": "?",
    }


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("recs", None),
        ("of SQL", RECOMMENDED),
        ("of short SQL", "FROM recommend(events, model := 'm', k := 3)"),
    ],
)
def test_charts_of_recommendations(superset, recs, name, sql):
    dataset = superset.dataset(name, sql) if sql else recs
    names = ["user_id", "rank", "item_id", "score"]
    assert superset.columns(dataset) == dict.fromkeys(names, ("number", False))
    found = superset.chart(
        dataset,
        columns=["rank"],
        metrics=[COUNT, metric("score", "AVG")],
        filters=[{"col": "score", "op": ">", "val": 0}],
        orderby=[[COUNT, False]],
    )
    assert [row[:2] for row in found] == [(1, 91), (2, 81), (3, 69)]
    assert found[0][2] > found[1][2] > found[2][2]


def test_who_may_see_one_view(superset, recs):
    """Superset sees no table in a function's call, and wants access to all that there is."""
    roles = {one["name"]: one["id"] for one in superset.listed("security/roles/")}
    role = superset.role("viewer", ("datasource_access", f"[shop].[recs](id:{recs})"))
    eve = {"username": "eve", "first_name": "E", "last_name": "V", "email": "e@example.org"}
    more = {
        "active": True,
        "password": "a secret",
        "roles": [roles["Gamma"], roles["sql_lab"], role],
    }
    status, answer = superset.ask("POST", "security/users/", {**eve, **more})
    assert status == 201, answer
    other = dataclasses.replace(superset)
    other.log_in("eve", "a secret")
    assert other.rows("SELECT count(*) FROM recs") == [(241,)]
    assert other.chart(recs, columns=[], metrics=[COUNT]) == [(241,)]
    for query in ("SELECT * FROM events", RECOMMENDED):
        assert other.error(query).startswith("You need access to the following tables")


def test_charts_of_predictions(superset):
    dataset = superset.dataset("predicted", "SELECT * FROM predict(visits, model := 'buyers')")
    assert superset.columns(dataset)["prediction"] == ("truth", False)
    found = superset.chart(
        dataset, columns=["prediction"], metrics=[COUNT], orderby=[["prediction", True]]
    )
    assert found == [(False, 116), (True, 84)]


def test_groups_totals_order_and_limit(superset, events):
    assert superset.chart(events, columns=[], metrics=[COUNT, metric("amount", "SUM")]) == [
        (2000, 4798.0)
    ]
    found = superset.chart(
        events,
        columns=["item_id"],
        metrics=[COUNT, metric("user_id", "COUNT_DISTINCT"), metric("amount", "MAX")],
        filters=[{"col": "item_id", "op": "IN", "val": [0, 1, 4]}],
        extras={"where": "user_id < 50", "having": "count(*) > 30"},
        orderby=[[COUNT, False], ["item_id", True]],
        row_limit=2,
    )
    assert found == [(1, 55, 50, 6.0), (4, 54, 39, 6.0)]


def test_a_chart_as_csv(superset, events):
    query = {"columns": ["item_id"], "metrics": [COUNT], "orderby": [["item_id", True]]}
    asked = chart_of(events, "csv", **query, row_limit=1)
    assert superset.ask("POST", "chart/data", asked) == (200, "item_id,n\n0,55\n")


@pytest.mark.parametrize(
    ("grain", "first", "rows"),
    [
        *[(grain, (JANUARY + 4 * DAY, 1), 648) for grain in (
            "PT1S", "PT5S", "PT30S", "PT1M", "PT5M", "PT10M", "PT15M", "PT30M", "PT1H",
        )],
        ("P1D", (JANUARY + 4 * DAY, 24), 27),
        ("P1W", (JANUARY + 4 * DAY, 168), 4),
        ("P1M", (JANUARY, 648), 1),
        ("P3M", (JANUARY, 648), 1),
        ("P1Y", (JANUARY, 648), 1),
    ],
)  # fmt: skip
def test_times(superset, events, grain, first, rows):
    found = superset.chart(
        events,
        columns=[grained("ts", grain)],
        metrics=[COUNT],
        extras={"time_grain_sqla": grain},
        filters=[{"col": "ts", "op": "TEMPORAL_RANGE", "val": "2026-01-05 : 2026-02-01"}],
        orderby=[["ts", True]],
    )
    found.sort()
    assert (found[0], len(found)) == (first, rows)


def test_a_week_before(superset, events):
    found = superset.chart(
        events,
        columns=[grained("ts", "P1D")],
        metrics=[metric("amount", "SUM")],
        granularity="ts",
        time_range="2026-01-15 : 2026-01-17",
        time_offsets=["1 week ago"],
    )
    before = superset.rows(
        "SELECT sum(amount) FROM events WHERE ts::DATE IN ('2026-01-08', '2026-01-09')"
        " GROUP BY ts::DATE"
    )
    assert sorted(row[2] for row in found) == sorted(value for (value,) in before)


@pytest.mark.parametrize(
    ("column", "operator", "value", "ids"),
    [
        ("name", "LIKE", "%it's%", [1]),
        ("name", "ILIKE", "IT%", [1]),
        ("name", "IN", ["ü", "<NULL>"], [2, 3]),
        ("name", "IS NULL", None, [2]),
        ("id", "ILIKE", "%3%", [3]),
        ("price", ">=", "12.5", [1]),
        ("ok", "IS FALSE", None, [3]),
        ("kind", "==", "x", [1]),
        ("whose", "==", "6d8b6f8e-0000-0000-0000-000000000003", [3]),
        ("day", "TEMPORAL_RANGE", "2026-01-01 : 2026-01-31", [1]),
        ("day", "==", JANUARY + DAY, [1]),
        ("ts", "TEMPORAL_RANGE", "2026-01-02T03:04:05 : 2026-01-02T03:04:06", [1]),
        ("moment", "TEMPORAL_RANGE", "2026-02-01 : ", [3]),
    ],
)
def test_filters(superset: Superset, odd, column, operator, value, ids):
    filters = [{"col": column, "op": operator, "val": value}]
    found = superset.chart(odd, columns=["id"], filters=filters, orderby=[["id", True]])
    assert found == [(one,) for one in ids]
