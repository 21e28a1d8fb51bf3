from __future__ import annotations

import io
import subprocess
import sys

import duckdb
import pytest


def test_sql_runs_without_a_prompt(pipe):
    code, out, err = pipe("SELECT 1 AS a;\n.mode csv\nSELECT\n 2 AS b")
    assert (code, err) == (0, "")
    assert out.endswith("┘\nb\n2\n")
    assert ">" not in out


def test_errors_do_not_end_it_and_count(pipe):
    code, out, err = pipe(
        ".mode csv\nSELECT 1 AS a; SELECT nothing; SELECT 2;\n.nope\nSELECT 3 AS c;"
    )
    assert code == 1
    assert out == "a\n1\nc\n3\n"
    assert err.splitlines()[0].startswith("Error: line 2: Binder Error")
    assert err.splitlines()[-1].startswith("Error: line 3: there is no command .nope")


def test_names_of_python_are_no_tables(pipe):
    code, _, err = pipe("FROM session; SELECT 1;\nSELECT 1; FROM relation;")
    assert code == 1
    assert "Table with name session does not exist" in err
    assert "Table with name relation does not exist" in err


def test_use_keeps_the_functions(pipe):
    text = "ATTACH ':memory:' AS a; USE a; SELECT count(*) > 30 AS b FROM ecomsql_functions();"
    code, out, err = pipe(f".mode csv\n{text}")
    assert (code, out, err) == (0, "b\ntrue\n", "")


def test_a_database_and_a_folder(pipe, tmp_path):
    (tmp_path / "one.csv").write_text("a\n1\n")
    database = tmp_path / "shop.duckdb"
    code, *_ = pipe("CREATE TABLE t AS FROM 'one.csv';", database, "--data", tmp_path)
    assert code == 0
    with duckdb.connect(str(database)) as con:
        assert con.execute("FROM t").fetchall() == [(1,)]
    code, _, err = pipe("DROP TABLE t;", database, "--read-only")
    assert code == 1
    assert "read-only" in err


def test_init(pipe, tmp_path):
    init = tmp_path / "it's init.sql"
    init.write_text(".mode csv\nCREATE TABLE t AS SELECT 1 AS a;")
    assert pipe("FROM t;", "--init", init) == (0, "a\n1\n", "")
    init.write_text("SELECT nothing;")
    code, out, err = pipe("SELECT 1;", "--init", init)
    assert (code, out) == (1, "")
    assert "init.sql, line 1: Binder Error" in err


@pytest.mark.parametrize("text", ["\n-- nothing\n;", ".quit\nSELECT 1;", "exit"])
def test_nothing_to_do(pipe, text):
    assert pipe(text) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ecomsql.duckdb"], "takes the name of the catalog"),
        (["no/folder.duckdb"], "no/folder.duckdb"),
        (["missing.duckdb", "--read-only"], "missing.duckdb"),
        (["--init", "missing.sql"], "missing.sql"),
        (["--data", "missing"], "missing"),
        (["one", "two"], "two"),
    ],
)
def test_wrong_use(pipe, folder, arguments, said):
    code, out, err = pipe("SELECT 1;", *arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_text_that_is_none(pipe):
    code, _, err = pipe(io.TextIOWrapper(io.BytesIO(b"SELECT '\xff';"), encoding="utf-8"))
    assert (code, err.splitlines()[0]) == (2, "Error: stdin is not UTF-8 text")


def test_a_reader_that_has_enough(tmp_path):
    many = "SELECT 1 AS a;\n" * 20 + "FROM range(200000);\n" * 3
    process = subprocess.run(
        f"{sys.executable} -m ecomsql.cli shell | head -n 1",
        input=many,
        shell=True,
        text=True,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout == "┌───────┐\n"
