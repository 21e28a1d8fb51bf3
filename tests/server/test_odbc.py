"""PostgreSQL's ODBC driver against the server: pyodbc and isql."""

from __future__ import annotations

import datetime
import os
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from clients import needs, needs_file, needs_program
from running_server import PASSWORD, USER

DRIVERS = [*Path("/usr/lib").glob("*/odbc/psqlodbcw.so"), Path("/usr/lib/odbc/psqlodbcw.so")]


@pytest.fixture(scope="module")
def odbc(server):
    """A connection string."""
    needs_file(DRIVERS[0], "odbc-postgresql")
    place = f"SERVER={server.host};PORT={server.port};DATABASE=shop"
    return f"DRIVER={DRIVERS[0]};{place};UID={USER};PWD={PASSWORD}"


@pytest.fixture
def con(odbc):
    pyodbc = needs("pyodbc", "pyodbc")
    one = pyodbc.connect(odbc, autocommit=True)
    yield one
    one.close()


def test_what_is_there(con):
    cursor = con.cursor()
    tables = [row.table_name for row in cursor.tables(schema="main")]
    names = ("big_spenders", "buyers", "customers", "events", "m", "many", "orders", "visits")
    assert set(tables) == set(names)
    columns = [(row.column_name, row.type_name) for row in cursor.columns(table="customers")]
    assert columns == [("id", "int4"), ("name", "text"), ("spent", "numeric"), ("tags", "_text")]
    assert [row.column_name for row in cursor.primaryKeys("customers")] == ["id"]


def test_values_and_parameters(con):
    row = con.execute("SELECT id, name, ts, amount, price FROM many WHERE id = ?", 5).fetchone()
    moment = datetime.datetime(2026, 1, 1, 0, 0, 5)
    assert tuple(row) == (5, "item 5", moment, Decimal("5.00"), 7.5)
    found = con.execute(
        "SELECT rank FROM recommend(events, model := 'm', k := ?) WHERE user_id = 13", 2
    )
    assert [row[0] for row in found] == [1, 2]
    assert len(con.execute("SELECT id FROM many LIMIT 5000").fetchall()) == 5000


def test_writing_and_undoing(con):
    cursor = con.cursor()
    cursor.execute("CREATE TABLE written (a INTEGER, b VARCHAR, c DATE)")
    cursor.executemany("INSERT INTO written VALUES (?, ?, ?)", [(1, "x", None), (2, None, None)])
    con.autocommit = False
    cursor.execute("DELETE FROM written")
    con.rollback()
    con.autocommit = True
    assert [tuple(row) for row in cursor.execute("FROM written ORDER BY a")] == [
        (1, "x", None),
        (2, None, None),
    ]
    cursor.execute("DROP TABLE written")


def test_an_error_within_a_transaction(con):
    pyodbc = needs("pyodbc", "pyodbc")
    con.autocommit = False
    con.execute("SELECT 1").fetchall()
    with pytest.raises(pyodbc.Error, match="42703"):
        con.execute("SELECT nope FROM many")
    con.rollback()
    assert con.execute("SELECT 2").fetchone()[0] == 2


def test_isql(server, odbc, tmp_path):
    needs_program("isql", "unixodbc")
    sources = tmp_path / "odbc.ini"
    sources.write_text(
        f"[shop]\nDriver={DRIVERS[0]}\nServername={server.host}\nPort={server.port}\nDatabase=shop\n"
    )
    found = subprocess.run(
        ["isql", "-b", "-d,", "shop", USER, PASSWORD],
        input="SELECT id, name FROM many WHERE id < 2 ORDER BY id\n",
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "ODBCINI": str(sources)},
    )
    assert found.stdout.splitlines() == ["0,item 0", "1,item 1"]
