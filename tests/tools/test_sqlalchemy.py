"""Every connection of an engine finds the functions, and reflection shows what is the user's."""

from __future__ import annotations

import threading

import duckdb
import pytest
from board import BOARD
from clients import needs

import ecomsql
from ecomsql.errors import RegistrationError

needs("sqlalchemy", "ecomsql[sqlalchemy]")
if duckdb.__version__ < "2":
    needs("duckdb_sqlalchemy", "ecomsql[sqlalchemy]")
else:
    needs("duckdb_engine", "ecomsql[duckdb-engine]")

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.pool import NullPool, StaticPool

from ecomsql.sqlalchemy import register

pytestmark = pytest.mark.filterwarnings("ignore:duckdb-engine doesn't yet support reflection")

TOP = "SELECT user_id, item_id FROM recommend(board, k := 1, method := 'item_knn') ORDER BY ALL"
OWN_ITEMS = [(user, user) for user in range(6)]


@pytest.fixture
def database(tmp_path):
    with duckdb.connect(tmp_path / "shop.duckdb") as con:
        con.execute(BOARD)
        con.execute("CREATE VIEW evens AS FROM board WHERE user_id % 2 = 0")
    return str(tmp_path / "shop.duckdb")


@pytest.fixture
def make():
    """Make engines, which end with the test."""
    made = []

    def call(database, *, way="url", **options):
        scheme = {"url": "ecomsql", "registered": "duckdb"}[way]
        engine = sa.create_engine(f"{scheme}:///{database}", **options)
        made.append(engine)
        return engine if way == "url" else register(engine)

    yield call
    for engine in made:
        engine.dispose()


either_way = pytest.mark.parametrize("way", ["url", "registered"])


def rows(engine, query=TOP):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


@either_way
def test_every_pooled_connection_finds_them(make, database, way):
    engine = make(database, way=way)
    taken = [engine.connect() for _ in range(3)]
    found = [[tuple(row) for row in one.execute(sa.text(TOP))] for one in taken]
    for one in taken:
        one.close()
    assert found == [OWN_ITEMS] * 3
    assert in_threads(lambda: rows(engine), 3) == [OWN_ITEMS] * 3


@pytest.mark.parametrize("pool", [NullPool, StaticPool])
def test_other_pools(make, database, pool):
    engine = make(database, poolclass=pool)
    assert [rows(engine), rows(engine)] == [OWN_ITEMS] * 2


def in_threads(work, count):
    """Return what `work` answers in each of several threads at once."""
    found = []
    threads = [threading.Thread(target=lambda: found.append(work())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return found


@either_way
def test_each_thread_has_its_own_database_in_memory(make, way):
    engine = make(":memory:", way=way)

    def work():
        with engine.begin() as connection:
            connection.exec_driver_sql(BOARD)
        return rows(engine)

    assert [work(), *in_threads(work, 2)] == [OWN_ITEMS] * 3


def test_a_database_in_memory_that_has_a_name_is_shared(make):
    engine = make(":memory:shared")
    with engine.begin() as connection:
        connection.exec_driver_sql(BOARD)
        assert rows(engine, "FROM ecomsql_functions() SELECT count(*) > 10") == [(True,)]
    assert in_threads(lambda: rows(engine), 2) == [OWN_ITEMS] * 2


def test_pandas(make, database):
    engine = make(database)
    query = sa.text("FROM recommend(board, k := :k, method := :method)")
    found = pd.read_sql(query, engine, params={"k": 1, "method": "item_knn"})
    assert list(found) == ["user_id", "rank", "item_id", "score"]
    assert list(found["item_id"]) == list(found["user_id"]) == list(range(6))
    assert pd.read_sql(TOP, engine).shape == (6, 2)
    assert pd.read_sql_table("board", engine).shape == (12, 2)
    found.to_sql("recs", engine, index=False)
    assert rows(engine, "SELECT count(*) FROM recs") == [(6,)]


def test_models_of_the_database(make, database):
    engine = make(database)
    with engine.begin() as connection:
        train = "CREATE TABLE m AS FROM train_recommender(board, method := 'item_knn')"
        connection.exec_driver_sql(train)
    query = "SELECT user_id, item_id FROM recommend(board, model := 'm', k := 1) ORDER BY ALL"
    assert rows(engine, query) == OWN_ITEMS


@either_way
def test_reflection_shows_what_the_user_has(make, database, way):
    engine = make(database, way=way)
    there = sa.inspect(engine)
    assert there.get_table_names() == ["board"]
    assert there.get_view_names() == ["evens"]
    assert [column["name"] for column in there.get_columns("board")] == ["user_id", "item_id"]
    metadata = sa.MetaData()
    metadata.reflect(engine, views=True)
    assert {name: list(table.c.keys()) for name, table in metadata.tables.items()} == {
        "board": ["user_id", "item_id"],
        "evens": ["user_id", "item_id"],
    }


def test_a_url_leaves_the_schemas_of_the_functions_out(make, database):
    names = sa.inspect(make(database)).get_schema_names()
    assert "shop.main" in names
    assert not [name for name in names if name.startswith("ecomsql")]


def test_a_database_that_is_only_read(make, database):
    engine = make(database, connect_args={"read_only": True})
    assert rows(engine) == OWN_ITEMS
    with (
        pytest.raises(sa.exc.DBAPIError, match="attached in read-only mode"),
        engine.connect() as connection,
    ):
        connection.exec_driver_sql("CREATE TABLE x AS SELECT 1 AS a")


def test_a_url_takes_settings(make, database):
    engine = make(f"{database}?access_mode=READ_ONLY&threads=1")
    assert rows(engine) == OWN_ITEMS
    assert rows(engine, "SELECT current_setting('threads')") == [(1,)]


def test_a_wrong_option_is_told_and_the_engine_goes_on(make, database):
    engine = make(database)
    with pytest.raises(sa.exc.DBAPIError) as told:
        rows(engine, "FROM recommend(board, method := 'als2')")
    assert "recommend: method := 'als2' is not one of: als, " in str(told.value.orig)
    assert rows(engine) == OWN_ITEMS


@either_way
def test_a_file_of_the_name_of_the_catalog_is_told(make, tmp_path, way):
    engine = make(tmp_path / "ecomsql.duckdb", way=way)
    with pytest.raises(RegistrationError, match="the name 'ecomsql' is taken by the database"):
        engine.connect()
    # Nothing keeps the file.
    duckdb.connect(tmp_path / "ecomsql.duckdb", config={"threads": 1}).close()


def test_connections_that_are_in_the_pool_already(database):
    engine = sa.create_engine(f"duckdb:///{database}")
    with engine.connect():
        pass
    assert register(register(engine)) is engine
    assert rows(engine) == OWN_ITEMS
    engine.dispose()


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (lambda: sa.create_engine("sqlite://"), "an engine of the dialect duckdb, not sqlite"),
        (ecomsql.connect, "an engine of SQLAlchemy, as create_engine returns, not DuckDBPyConn"),
    ],
)
def test_what_is_no_make_duckdb_is_told(thing, message):
    with pytest.raises(RegistrationError, match=message):
        register(thing())
