"""The adapter of Harlequin: functions on its connection, in completions and in the tree."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from board import BOARD
from clients import needs

from ecomsql import catalogue, udf

needs("harlequin", "ecomsql[harlequin]")

from harlequin import Harlequin
from harlequin.exception import HarlequinConnectionError, HarlequinQueryError
from harlequin.plugins import load_adapter
from harlequin_duckdb.adapter import DuckDbAdapter

TOP = "FROM recommend(board, k := 1, method := 'item_knn') SELECT user_id, item_id"
OWN_ITEMS = [(user, user) for user in range(6)]


def filled(folder):
    """Make a database with a table in each of two schemas."""
    with duckdb.connect(folder / "shop.duckdb") as con:
        con.execute(BOARD)
        con.execute("CREATE SCHEMA old; CREATE TABLE old.board AS FROM board WHERE user_id < 3")
    return str(folder / "shop.duckdb")


def connect(*databases, **options):
    return load_adapter("ecomsql")(databases, no_init=True, **options).connect()


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    opened = connect(filled(tmp_path_factory.mktemp("harlequin")))
    yield opened
    opened.conn.close()


def rows(connection, query):
    table = connection.execute(query).fetchall()
    return sorted(zip(*(column.to_pylist() for column in table.columns), strict=True))


def test_functions_outlive_use(connection):
    assert rows(connection, TOP) == OWN_ITEMS
    assert connection.execute("USE old") is None
    assert len(rows(connection, TOP)) == 3
    assert connection.execute("use shop.main") is None
    assert rows(connection, TOP) == OWN_ITEMS


def test_in_memory():
    connection = connect()
    assert connection.execute(BOARD) is None
    assert rows(connection, TOP) == OWN_ITEMS
    connection.conn.close()


def test_the_tree_shows_the_databases_of_the_user(connection):
    shop, functions = connection.get_catalog().items
    tree = {
        schema.label: [table.label for table in schema.fetch_children()]
        for schema in shop.fetch_children()
    }
    assert (shop.label, tree) == ("shop", {"main": ["board"], "old": ["board"]})
    names = [function.name for function in catalogue.functions()]
    assert [item.label for item in functions.children] == names


class Driver:
    """What opens a buffer in Harlequin."""

    def insert_text_in_new_buffer(self, text):
        self.text = text


def test_every_function_of_the_tree_shows_what_it_does(connection):
    _, functions = connection.get_catalog().items
    for item, function in zip(functions.children, catalogue.functions(), strict=True):
        [(_, show)] = item.INTERACTIONS
        show(item, driver := Driver())
        assert driver.text.startswith(f"-- {function.name}(")
        assert driver.text.endswith(f"\n{function.example}\n")
        assert function.returns.split()[0] in driver.text
        assert max(len(line) for line in driver.text.splitlines() if line[:2] == "--") <= 100


def test_searches_find_what_the_user_has(connection):
    found = connection.search_catalog("o")
    assert {(one.item.label, *one.parents) for one in found} == {
        ("shop",),
        ("old", "shop"),
        ("board", "shop", "main"),
        ("board", "shop", "old"),
    }
    assert connection.search_catalog("_nothing") == []
    assert connection.search_catalog("ecomsql") == []


def test_completions_say_what_the_functions_do(connection):
    offered = connection.get_completions()
    by_label = {one.label: one for one in offered}
    for function in catalogue.functions():
        one = by_label[function.name]
        assert len(f"{one.label} {one.type_label}") <= 37
        assert function.summary.startswith(one.type_label.removesuffix("…").strip())
        assert [other.label for other in offered].count(function.name) == 1
    assert by_label["recommend"].type_label == "Recommend to each user the…"


def test_completions_offer_nothing_private(connection):
    labels = {one.label for one in connection.get_completions()}
    assert {"select", "read_parquet", "recommend"} <= labels
    private = {one.name for one in catalogue.macros() if not one.is_public}
    assert not labels & (private | {one.name for one in udf.records()})


def test_options_are_those_of_duckdb():
    assert load_adapter("ecomsql").ADAPTER_OPTIONS == DuckDbAdapter.ADAPTER_OPTIONS


def test_wrong_options_are_told_in_one_line(connection):
    with pytest.raises(HarlequinQueryError) as told:
        connection.execute("FROM recommend(board, method := 'als2')").fetchall()
    assert told.value.msg.startswith("recommend: method := 'als2' is not one of: als, ")
    assert len(told.value.msg.splitlines()) == 1
    with pytest.raises(HarlequinQueryError, match='Did you mean "recommend"'):
        connection.execute("FROM recommed(board)")
    assert rows(connection, TOP) == OWN_ITEMS


@pytest.mark.parametrize("others", [[], ["shop.duckdb"]])
def test_a_file_of_the_name_of_the_catalog_is_told(tmp_path, others):
    paths = [str(tmp_path / name) for name in [*others, "ecomsql.duckdb"]]
    with pytest.raises(HarlequinConnectionError, match="the name 'ecomsql' is taken by the data"):
        connect(*paths)
    # Nothing keeps the files.
    for path in paths:
        duckdb.connect(path, config={"threads": 1}).close()


def test_from_the_command_line_without_writing(tmp_path):
    queries = ["-c", f"{TOP} ORDER BY ALL LIMIT 1", "-c", "FROM recommend(boart)"]
    command = [Path(sys.executable).parent / "hsql", "-a", "ecomsql", filled(tmp_path), "-r"]
    ran = subprocess.run(
        [*command, "--csv", *queries], capture_output=True, text=True, check=False, timeout=120
    )
    assert (ran.returncode, ran.stdout) == (1, "user_id,item_id\n0,0\n")
    assert "Table with name boart does not exist" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_in_the_terminal(monkeypatch, tmp_path):
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))

    async def type_and_run():
        adapter = load_adapter("ecomsql")((filled(tmp_path),), no_init=True)
        app = Harlequin(adapter, connection_hash="shop", no_download_tzdata=True)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            while app.editor is None or app.connection is None:
                await pilot.pause(0.1)
            app.editor.text = TOP
            await pilot.press("ctrl+j")
            while not app.results_viewer.tab_count:
                await pilot.pause(0.1)
            return app.results_viewer.get_visible_table().row_count

    assert asyncio.run(asyncio.wait_for(type_and_run(), timeout=60)) == len(OWN_ITEMS)
