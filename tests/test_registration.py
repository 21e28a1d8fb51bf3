"""The functions are found wherever they should be, and nothing of the user's is touched."""

from __future__ import annotations

import threading

import duckdb
import pytest
from board import BOARD

import ecomsql
from ecomsql.errors import RegistrationError

ASK = "SELECT user_id, item_id FROM {}recommend(board, k := 1, method := 'popular') ORDER BY ALL"
ANSWER = [(0, 0), (1, 0), (2, 1), (3, 0), (4, 1), (5, 0)]


def ask(con, prefix=""):
    return con.execute(ASK.format(prefix)).fetchall()


def test_in_memory(con):
    assert ask(con) == ask(con, "ecomsql.") == ask(con, "ecomsql.main.") == ANSWER


def test_registering_a_plain_connection_returns_it():
    with duckdb.connect() as con:
        assert ecomsql.register(con) is con
        con.execute(BOARD)
        assert ask(con) == ANSWER


def test_in_a_file_nothing_is_written(tmp_path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(BOARD)
    before = path.read_bytes()
    with ecomsql.connect(path) as con:
        assert ask(con) == ANSWER
        con.execute("CREATE TEMP TABLE m AS FROM train_recommender(board, method := 'popular')")
        mine = "FROM duckdb_{}() WHERE database_name = 'shop' AND NOT internal"
        assert con.execute("SELECT table_name " + mine.format("tables")).fetchall() == [("board",)]
        for kind in ("views", "functions", "schemas"):
            assert con.execute(mine.format(kind)).fetchall() == [], kind
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["shop.duckdb"]


def test_in_a_read_only_file(tmp_path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(BOARD)
    with ecomsql.connect(path, read_only=True) as con:
        assert ask(con) == ANSWER
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            con.execute("CREATE TABLE t (a INTEGER)")


def test_twice_is_once(con):
    def state():
        functions = "SELECT count(*) FROM duckdb_functions()"
        return con.execute(f"{functions} UNION ALL SELECT count(*) FROM duckdb_views()").fetchall()

    before, path = state(), con.execute("SELECT current_setting('search_path')").fetchall()
    ecomsql.register(con)
    ecomsql.register(con)
    assert state() == before
    assert con.execute("SELECT current_setting('search_path')").fetchall() == path
    assert ask(con) == ANSWER


def test_cursors_and_other_connections_of_the_instance(tmp_path):
    path = str(tmp_path / "shop.duckdb")
    with duckdb.connect(path) as other, duckdb.connect(path) as con:
        ecomsql.register(con)
        con.execute(BOARD)
        with con.cursor() as cursor:
            assert ask(cursor, "ecomsql.") == ask(other, "ecomsql.") == ANSWER
            with pytest.raises(duckdb.Error, match="recommend"):
                ask(cursor)
            ecomsql.register(cursor)
            assert ask(cursor) == ANSWER
        assert ask(ecomsql.register(other)) == ANSWER


def test_outlives_the_connection_that_registered(tmp_path):
    path = str(tmp_path / "shop.duckdb")
    with duckdb.connect(path) as other:
        with ecomsql.connect(path) as con:
            con.execute(BOARD)
        assert ask(other, "ecomsql.") == ANSWER


def test_several_threads_register_and_ask_at_once():
    errors: list[BaseException] = []
    with duckdb.connect() as con:
        con.execute(BOARD)
        gate = threading.Barrier(6)

        def work() -> None:
            try:
                with con.cursor() as cursor:
                    gate.wait()
                    ecomsql.register(cursor)
                    assert ask(cursor) == ANSWER
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work) for _ in range(6)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert errors == []


def test_inside_a_transaction():
    with duckdb.connect() as con:
        con.execute("CREATE TABLE kept (a INTEGER)")
        con.execute("BEGIN")
        con.execute("INSERT INTO kept VALUES (1)")
        ecomsql.register(con)
        con.execute(BOARD)
        con.execute("CREATE TEMP TABLE passing AS FROM board")
        # Rows that are not committed and temporary tables are seen.
        assert ask(con) == ANSWER
        con.execute("DELETE FROM board WHERE user_id = 0")
        assert [user for user, _ in ask(con)] == [1, 2, 3, 4, 5]
        temporary = ASK.format("").replace("board", "passing")
        assert con.execute(temporary).fetchall() == ANSWER
        con.execute("ROLLBACK")
        assert con.execute("SELECT count(*) FROM kept").fetchall() == [(0,)]
        with pytest.raises(duckdb.CatalogException, match="board"):
            ask(con)
        con.execute(BOARD)
        assert ask(con) == ANSWER


def test_inside_a_transaction_that_is_too_old_to_see_the_functions():
    with duckdb.connect() as con:
        con.execute("BEGIN")
        con.execute(BOARD)
        with pytest.raises(RegistrationError, match="open transaction"):
            ecomsql.register(con)
        assert con.execute("SELECT count(*) FROM board").fetchall() == [(12,)]
        con.execute("COMMIT")
        assert ask(con) == ask(ecomsql.register(con)) == ANSWER


def test_the_users_search_path_stays():
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA warehouse; CREATE SCHEMA marts")
        con.execute(BOARD.replace("TABLE board", "TABLE warehouse.board"))
        con.execute("SET search_path = 'marts,warehouse'")
        ecomsql.register(con)
        assert ask(con) == ANSWER
        con.execute("CREATE TABLE mine (a INTEGER)")
        made = "SELECT schema_name FROM duckdb_tables() WHERE table_name = 'mine'"
        assert con.execute(made).fetchall() == [("marts",)]


def test_use_before_and_after():
    with duckdb.connect() as con:
        con.execute("ATTACH ':memory:' AS other; CREATE SCHEMA other.warehouse")
        con.execute("USE other.warehouse")
        con.execute(BOARD)
        ecomsql.register(con)
        where = "SELECT current_catalog(), current_schema()"
        assert con.execute(where).fetchall() == [("other", "warehouse")]
        assert ask(con) == ANSWER
        # USE sets the path anew: the prefix always works, and registering again brings it back.
        con.execute("USE other.warehouse")
        assert ask(con, "ecomsql.") == ANSWER
        assert ask(ecomsql.register(con)) == ANSWER


def test_schemas_with_odd_names():
    with duckdb.connect() as con:
        con.execute('CREATE SCHEMA "a ""b"", c"; USE "a ""b"", c"')
        con.execute(BOARD)
        assert ask(ecomsql.register(con)) == ANSWER


@pytest.mark.parametrize("name", ["ecomsql.duckdb", "ecomsql.db", "ecomsql", "EcomSQL.duckdb"])
def test_a_file_called_like_the_catalog_is_refused(tmp_path, name):
    with pytest.raises(RegistrationError, match=r"rename the file.*ATTACH '.*' AS shop"):
        ecomsql.connect(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_such_a_file_works_under_another_name(tmp_path):
    path = tmp_path / "ecomsql.duckdb"
    with ecomsql.connect() as con:
        con.execute(f"ATTACH '{path}' AS shop; USE shop")
        con.execute(BOARD)
        assert ask(con, "ecomsql.") == ask(ecomsql.register(con)) == ANSWER


def test_an_attached_database_called_like_the_catalog_is_refused(tmp_path):
    path = tmp_path / "other.duckdb"
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{path}' AS ecomsql")
        with pytest.raises(RegistrationError, match="'ecomsql' is taken by the database") as caught:
            ecomsql.register(con)
        assert str(path) in str(caught.value)


def test_without_access_to_files():
    with ecomsql.connect(config={"enable_external_access": False}) as con:
        con.execute(BOARD)
        assert ask(con) == ANSWER
        with pytest.raises(duckdb.PermissionException, match="disabled"):
            con.execute("FROM recommend('events.parquet')")


def test_with_a_locked_configuration():
    with duckdb.connect() as con:
        con.execute("SET lock_configuration = true")
        try:
            ecomsql.register(con)
        except RegistrationError as error:
            assert "locked" in str(error)  # noqa: PT017
        con.execute(BOARD)
        assert ask(con, "ecomsql.") == ANSWER


def test_locked_after_registering(con):
    con.execute("SET lock_configuration = true")
    assert ask(ecomsql.register(con)) == ANSWER


def test_a_failed_connect_leaves_the_file_free(tmp_path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(BOARD)
    with pytest.raises(duckdb.Error):
        ecomsql.connect(path, config={"no_such_setting": 1})
    with ecomsql.connect(path) as con:
        assert ask(con) == ANSWER


def test_own_functions_of_the_user_win():
    with duckdb.connect() as con:
        con.execute("CREATE MACRO recommend(x) AS TABLE SELECT x AS mine")
        ecomsql.register(con)
        assert con.execute("FROM recommend(7)").fetchall() == [(7,)]
        con.execute(BOARD)
        assert ask(con, "ecomsql.") == ANSWER
