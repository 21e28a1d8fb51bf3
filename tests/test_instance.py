"""A UDF can look at committed tables while a query binds, and outlives what it was made with."""

from __future__ import annotations

import gc

import duckdb

import ecomsql
from ecomsql.instance import Instance


def test_reads_what_is_committed(con):
    here = Instance()
    here.add(con)
    con.execute("CREATE TABLE t AS SELECT 1 AS x")
    con.execute("CREATE TEMP TABLE hidden AS SELECT 1 AS x")
    assert here.read("SELECT x FROM query_table(?)", ["t"]) == [(1,)]
    assert here.read("SELECT x FROM query_table(?)", ["hidden"]) is None
    con.execute("BEGIN")
    con.execute("CREATE TABLE later AS SELECT 2 AS x")
    assert here.read("SELECT x FROM query_table(?)", ["later"]) is None
    con.execute("COMMIT")
    assert here.read("SELECT x FROM query_table(?)", ["later"]) == [(2,)]


def test_goes_on_with_another_connection(tmp_path):
    """The connection that registered first may be closed, or forgotten."""
    path = str(tmp_path / "shop.db")
    first, second = ecomsql.connect(path), ecomsql.connect(path)
    second.execute("CREATE TABLE d AS SELECT i AS x, i > 10 AS y FROM range(40) AS _(i)")
    second.execute("CREATE TABLE m AS FROM train_classifier(d, 'y', method := 'linear')")
    query = "SELECT typeof(prediction) FROM predict(d, model := 'm') LIMIT 1"
    assert second.execute(query).fetchall() == [("BOOLEAN",)]
    first.close()
    assert second.execute(query).fetchall() == [("BOOLEAN",)]
    del first
    gc.collect()
    assert second.execute(query).fetchall() == [("BOOLEAN",)]
    second.close()
    # Nothing keeps the file: it opens again, with other settings.
    with duckdb.connect(path, read_only=True) as again:
        assert ecomsql.register(again).execute(query).fetchall() == [("BOOLEAN",)]


def test_without_a_connection_nothing_is_read():
    assert Instance().read("SELECT 1", []) is None
