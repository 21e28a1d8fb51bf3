"""marimo's SQL cells on a connection of DuckDB's own."""

from __future__ import annotations

import importlib.util
from textwrap import dedent

import duckdb
import pytest
from board import BOARD
from clients import needs

needs("marimo", "ecomsql[notebooks]")

import marimo as mo

import ecomsql

TOP = "SELECT user_id, item_id FROM recommend(board, k := 1, method := 'item_knn') ORDER BY ALL"
OWN_ITEMS = [(user, user) for user in range(6)]

NOTEBOOK = f'''
import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo

    import ecomsql

    con = ecomsql.connect("shop.duckdb")
    return con, mo


@app.cell
def _(board, con, mo):
    recs = mo.sql(
        f"""
        WITH data AS (FROM board)
        FROM recommend(data, k := 1, method := 'item_knn') ORDER BY ALL
        """,
        engine=con,
    )
    return (recs,)


@app.cell
def _(con, mo):
    board = mo.sql(
        """{BOARD}""",
        engine=con,
    )
    return (board,)
'''


def test_a_notebook(tmp_path, monkeypatch):
    """The cell that recommends stands first, and runs after the one that makes its table."""
    path = tmp_path / "notebook.py"
    path.write_text(NOTEBOOK)
    monkeypatch.chdir(tmp_path)
    spec = importlib.util.spec_from_file_location("notebook", path)
    notebook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(notebook)
    _, found = notebook.app.run()
    assert found["recs"].select("user_id", "item_id").rows() == OWN_ITEMS
    found["con"].close()


def test_cells_with_several_statements(con):
    text = dedent("""
        CREATE TABLE m AS FROM train_recommender(board, method := 'item_knn');
        SELECT user_id, item_id FROM recommend(board, model := 'm', k := 1) ORDER BY ALL
    """)
    assert mo.sql(text, engine=con, output=False).rows() == OWN_ITEMS


def test_the_connection_that_is_there_without_one():
    ecomsql.register(duckdb.default_connection())
    mo.sql(BOARD.replace("CREATE", "CREATE TEMP"), output=False)
    assert mo.sql(TOP, output=False).rows() == OWN_ITEMS
    mo.sql("DROP TABLE board", output=False)


def test_by_url(tmp_path):
    sqlalchemy = needs("sqlalchemy", "ecomsql[sqlalchemy]")
    engine = sqlalchemy.create_engine(f"ecomsql:///{tmp_path / 'shop.duckdb'}")
    mo.sql(BOARD, engine=engine, output=False)
    assert mo.sql(TOP, engine=engine, output=False).rows() == OWN_ITEMS
    engine.dispose()


def test_a_wrong_option_is_told(con):
    with pytest.raises(Exception, match="recommend: method := 'als2' is not one of: als, ") as told:
        mo.sql("FROM recommend(board, method := 'als2')", engine=con)
    assert type(told.value).__name__ == "MarimoSQLException"
    assert mo.sql(TOP, engine=con, output=False).rows() == OWN_ITEMS
