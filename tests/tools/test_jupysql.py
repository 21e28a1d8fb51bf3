"""JupySQL's magics in an IPython shell: by URL, by engine, and on a connection of DuckDB's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from board import BOARD
from clients import needs

# JupySQL's own module is called `sql`, as a folder here is.
needs("jupysql_plugin", "ecomsql[notebooks]")
needs("IPython", "ecomsql[notebooks]")

PROGRAM = """
import json
import sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "sql")
shell.run_line_magic("config", "SqlMagic.autopandas = True")
for name, cells in json.load(open("cells.json")).items():
    print(f"== {name}", flush=True)
    for cell in cells:
        ran = shell.run_cell(cell)
    rows = ran.result
    told = None if rows is None else rows.values.tolist()
    print(json.dumps({"success": ran.success, "rows": told}), flush=True)
"""

BOARD_CELL = f"%%sql\n{BOARD.strip()}"
TOP = "SELECT user_id, item_id FROM {}recommend(board, k := 1, method := 'item_knn') ORDER BY ALL"
WRONG = "%sql FROM {}recommend(board, method := 'als2')"
ENGINE = """
import sqlalchemy, ecomsql.sqlalchemy
engine = ecomsql.sqlalchemy.register(sqlalchemy.create_engine('duckdb:///other.duckdb'))
"""

CELLS = {
    "url": ["%sql ecomsql:///shop.duckdb --alias url", BOARD_CELL, f"%sql {TOP.format('')}"],
    "wrong by url": [WRONG.format("")],
    "engine": [ENGINE, "%sql engine --alias engine", BOARD_CELL, f"%sql {TOP.format('')}"],
    "connection": [
        "import ecomsql\ncon = ecomsql.connect('native.duckdb')",
        "%sql con --alias native",
        BOARD_CELL,
        f"%sql {TOP.format('ecomsql.')}",
    ],
    "variables": ["k = 2", "%sql SELECT max(rank) FROM ecomsql.recommend(board, k := {{k}})"],
    "wrong": [WRONG.format("ecomsql.")],
    "after": [f"%sql {TOP.format('ecomsql.')}"],
}


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict[str, tuple[dict, str]]:
    """Of each group of cells: what the last one gave, and all that was printed."""
    folder = tmp_path_factory.mktemp("jupysql")
    (folder / "program.py").write_text(PROGRAM)
    (folder / "cells.json").write_text(json.dumps(CELLS))
    home = {"HOME": str(folder), "IPYTHONDIR": str(folder), "PLOOMBER_STATS_ENABLED": "false"}
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=folder,
        env={**os.environ, **home},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    found = {}
    for part in done.stdout.split("== ")[1:]:
        name, *lines = part.splitlines()
        result = next(line for line in lines if line.startswith('{"success"'))
        found[name] = json.loads(result), part
    return found


@pytest.mark.parametrize("way", ["url", "engine", "connection", "after"])
def test_they_recommend(told, way):
    found, printed = told[way]
    assert found == {"success": True, "rows": [[user, user] for user in range(6)]}, printed


def test_variables_are_options(told):
    assert told["variables"][0] == {"success": True, "rows": [[2]]}


@pytest.mark.parametrize("way", ["wrong by url", "wrong"])
def test_a_wrong_option_is_told(told, way):
    found, printed = told[way]
    assert not found["success"]
    assert "recommend: method := 'als2' is not one of: als, " in printed
    # JupySQL itself adds the traceback to what is no error of SQLAlchemy's.
    assert way == "wrong" or "Traceback" not in printed
