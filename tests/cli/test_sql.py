from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading

import duckdb
import pytest

MIXED = (
    "SELECT 1 AS a, NULL::INT AS b, 'x|y' AS c, DATE '2025-03-01' AS d, 'ab'::BLOB AS e, 1.5 AS f"
)


def test_prints_a_box(run):
    ran = run("sql", "-c", MIXED)
    assert ran.code == 0
    assert ran.err == ""
    for part in ("│", "NULL", "2025-03-01", "<2 bytes>", "1.5", "x|y"):
        assert part in ran.out


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1;\n-- a; b\nSELECT 2;\n",
        "SELECT 1; -- ü; b\n;SELECT 2; /* c; */",
        "SELECT 1;;SELECT 2",
    ],
)
def test_comments_between_statements(run, text):
    ran = run("sql", "-c", text, "--format", "csv")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.split() == ["1", "1", "2", "2"]


def test_csv(run):
    ran = run("sql", "-c", MIXED, "--format", "csv")
    assert ran.out == "a,b,c,d,e,f\n1,,x|y,2025-03-01,ab,1.5\n"


def test_json(run):
    ran = run("sql", "-c", MIXED, "--format", "json")
    assert json.loads(ran.out) == [
        {"a": 1, "b": None, "c": "x|y", "d": "2025-03-01", "e": "ab", "f": 1.5}
    ]


def test_json_results_one_after_the_other(run):
    ran = run("sql", "-c", "FROM range(2); SELECT 1 AS a WHERE false", "--format", "json")
    assert ran.out == '[\n  {"range":0},\n  {"range":1}\n]\n[]\n'


def test_json_keeps_nested_and_big_values(run):
    text = """SELECT {'x': [1, NULL]} AS s, 170141183460469231731687303715884105727 AS h,
        MAP {'k': TIMESTAMP '2025-01-02 03:04:05'} AS m, uuid() AS u, 'q"\\' AS "it's" """
    (row,) = json.loads(run("sql", "-c", text, "--format", "json").out)
    assert row["s"] == {"x": [1, None]}
    assert row["h"] == 170141183460469231731687303715884105727
    assert row["m"] == {"k": "2025-01-02 03:04:05"}
    assert len(row["u"]) == 36
    assert row["it's"] == 'q"\\'


def test_markdown(run):
    ran = run("sql", "-c", MIXED + ", E'one\\ntwo' AS g", "--format", "markdown")
    assert ran.out.splitlines() == [
        "| a | b | c | d | e | f | g |",
        "| ---: | ---: | --- | --- | --- | ---: | --- |",
        "| 1 | NULL | x\\|y | 2025-03-01 | <2 bytes> | 1.5 | one<br>two |",
    ]


@pytest.mark.parametrize("form", ["box", "csv", "json", "markdown"])
def test_no_rows(run, form):
    ran = run("sql", "-c", "SELECT 1 AS a WHERE false", "--format", form)
    assert ran.code == 0
    assert "a" in ran.out or form == "json"


def test_parquet_needs_a_file(run, tmp_path):
    ran = run("sql", "-c", "SELECT 1", "--format", "parquet")
    assert (ran.code, ran.out) == (2, "")
    assert "-o" in ran.err


def test_parquet(run, tmp_path):
    file = tmp_path / "out.parquet"
    ran = run("sql", "-c", MIXED, "-o", file)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert duckdb.sql(f"SELECT a, e FROM '{file}'").fetchall() == [(1, b"ab")]
    assert list(tmp_path.iterdir()) == [file]


def test_parquet_holds_one_result(run, tmp_path):
    ran = run("sql", "-c", "SELECT 1; SELECT 2", "-o", tmp_path / "out.parquet")
    assert ran.code == 1
    assert "one result" in ran.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "start"), [("o.csv", "a\n1"), ("o.json", "["), ("o.md", "| a |"), ("o.txt", "┌")]
)
def test_the_files_name_says_the_format(run, tmp_path, name, start):
    assert run("sql", "-c", "SELECT 1 AS a", "-o", tmp_path / name).code == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)


def test_format_beats_the_files_name(run, tmp_path):
    run("sql", "-c", "SELECT 1 AS a", "-o", tmp_path / "o.csv", "--format", "markdown")
    assert (tmp_path / "o.csv").read_text().startswith("| a |")


def test_every_result_goes_to_the_file(run, tmp_path):
    run("sql", "-c", "SELECT 1 AS a; SELECT 2 AS b", "-o", tmp_path / "o.csv")
    assert (tmp_path / "o.csv").read_text() == "a\n1\nb\n2\n"


def test_a_failed_query_leaves_the_old_file(run, tmp_path):
    file = tmp_path / "o.csv"
    file.write_text("old")
    assert run("sql", "-c", "SELECT 1; SELECT error('no')", "-o", file).code == 1
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_output_into_a_pipe_keeps_the_pipe(run, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    assert run("sql", "-c", "SELECT 1 AS a", "-o", pipe, "--format", "csv").code == 0
    reader.join(10)
    assert read == ["a\n1\n"]
    assert pipe.is_fifo()


def test_output_through_a_link_keeps_the_link(run, tmp_path):
    (tmp_path / "real.csv").write_text("old")
    link = tmp_path / "link.csv"
    link.symlink_to("real.csv")
    run("sql", "-c", "SELECT 1 AS a", "-o", link)
    assert link.is_symlink()
    assert (tmp_path / "real.csv").read_text() == "a\n1\n"


def test_each_result_is_printed_and_receipts_are_not(run):
    text = """
        CREATE TABLE t (i INT); INSERT INTO t VALUES (1), (2); SET threads = 1;
        FROM t; UPDATE t SET i = 3; SELECT 'last' AS l; BEGIN; COMMIT
    """
    ran = run("sql", "-c", text, "--format", "csv")
    assert ran.out == "i\n1\n2\nl\nlast\n"


def test_returning_describe_pragma_and_pivot_are_results(run):
    text = """
        CREATE TABLE t (i INT); INSERT INTO t VALUES (7) RETURNING i; DESCRIBE t;
        PIVOT (SELECT 'x' AS n, 5 AS v) ON n USING sum(v); EXPLAIN SELECT 1
    """
    ran = run("sql", "-c", text, "--format", "csv")
    assert ran.out.startswith(
        "i\n7\ncolumn_name,column_type,null,key,default,extra\ni,INTEGER,YES,,,\nx\n5\nexplain_key,explain_value\n"
    )


def test_a_column_called_count_is_a_result(run):
    assert run("sql", "-c", 'SELECT 3 AS "Count"', "--format", "csv").out == "Count\n3\n"


def test_reads_a_file(run, tmp_path):
    (tmp_path / "q.sql").write_text("\ufeffSELECT 'é' AS e;\n", encoding="utf-8")
    assert run("sql", tmp_path / "q.sql", "--format", "csv").out == "e\né\n"


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_reads_stdin(run, monkeypatch, arguments):
    monkeypatch.setattr(sys, "stdin", io.StringIO("SELECT 5 AS a"))
    assert run("sql", *arguments, "--format", "csv").out == "a\n5\n"


def test_a_terminal_is_no_source(run, monkeypatch):
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    ran = run("sql")
    assert ran.code == 2
    assert "give SQL with -c, as FILE, or on stdin" in ran.err


def test_database_and_read_only(run, tmp_path):
    file = tmp_path / "shop.duckdb"
    assert run("sql", "--database", file, "-c", "CREATE TABLE t AS SELECT 1 AS a").code == 0
    read = ("sql", "--database", file, "--read-only", "--format", "csv", "-c")
    assert run(*read, "FROM t").out == "a\n1\n"
    assert run(*read, "DROP TABLE t").code == 1
    for form in ("box", "json", "markdown"):
        assert run("sql", "--database", file, "--read-only", "--format", form, "-c", "FROM t").out


def test_nothing_is_written_into_the_database(run, tmp_path):
    file = tmp_path / "shop.duckdb"
    run(
        "sql",
        "--database",
        file,
        "-c",
        "CREATE TABLE t AS SELECT 1 AS a; FROM t",
        "-o",
        tmp_path / "x.json",
    )
    with duckdb.connect(str(file)) as con:
        assert con.execute("SHOW ALL TABLES").fetchall()[0][2] == "t"
        assert con.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchone() == (
            0,
        )


def test_data_is_where_file_names_begin(run, shop, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "SELECT count(*) AS n FROM 'items.parquet'"
    ran = run("sql", "--data", shop, "-c", text, "-o", "n.csv")
    assert ran.code == 0
    assert (tmp_path / "n.csv").read_text() == "n\n60\n"


def test_the_data_folder_wins_over_the_current_one(run, shop, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    duckdb.sql("COPY (SELECT 1 AS wrong) TO 'items.parquet'")
    ran = run("sql", "--data", shop, "-c", "SELECT count(*) AS n FROM 'items.parquet'")
    assert "60" in ran.out


def test_functions_are_there(run, shop):
    text = "SELECT count(*) AS n FROM recommend('events.parquet', k := 2, method := 'popular')"
    assert run("sql", "--data", shop, "--format", "csv", "-c", text).out == "n\n300\n"


def test_the_functions_own_words_are_the_error(run, shop):
    text = "FROM recommend('events.parquet', method := 'populat')"
    ran = run("sql", "--data", shop, "-c", text)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("Error: recommend: method := 'populat' is not one of: ")
    assert "did you mean 'popular'?" in ran.err
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELEC 1", 'syntax error at or near "SELEC"'),
        ("SELECT nope FROM range(2) t(nop)", 'Candidate bindings: "nop"'),
        ("FROM 'missing.parquet'", "No files found"),
        ("SELECT 1; SELECT CAST('a' AS INT)", "Could not convert string 'a'"),
        ("SELECT error('boom')", "boom"),
    ],
)
def test_bad_sql(run, text, said):
    ran = run("sql", "-c", text, "--format", "csv")
    assert ran.code == 1
    assert ran.err.startswith("Error: ")
    assert said in ran.err
    assert len(ran.err.splitlines()) <= 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.sql"], "cannot read missing.sql: No such file"),
        (["."], "cannot read ."),
        (["-c", "SELECT 1", "q.sql"], "not both"),
        (["-c", "SELECT 1", "--format", "xml"], "'xml' is not one of"),
        (["-c", "SELECT 1", "-o", "no/such/folder/o.csv"], "there is no folder"),
        (["-c", "SELECT 1", "-o", "."], "is a folder"),
        (["-c", "SELECT 1", "--data", "nowhere"], "does not exist"),
        (["-c", "SELECT 1", "--database", "no/such/folder/x.duckdb"], "no/such/folder"),
        (["-c", "SELECT 1", "--database", "missing.duckdb", "--read-only"], "missing.duckdb"),
        (["-c", "SELECT 1", "--database", "garbage"], "garbage"),
        (["-c", "SELECT 1", "--database", "ecomsql.duckdb"], "ecomsql"),
        (["-c", "SELECT 1", "--max-rows", "-1"], "--max-rows"),
        (["-c", ""], "there is no SQL"),
        (["-c", " -- only a comment\n ; "], "there is no SQL"),
        (["empty.sql"], "there is no SQL"),
        (["latin.sql"], "not UTF-8"),
        (["--nonsense"], "No such option"),
    ],
)
def test_wrong_use(run, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "q.sql").write_text("SELECT 1")
    (tmp_path / "empty.sql").touch()
    (tmp_path / "latin.sql").write_bytes(b"SELECT '\xe9'")
    (tmp_path / "garbage").write_bytes(b"not a database" * 1000)
    ran = run("sql", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) <= 3


def test_a_box_shows_all_rows_unless_told(run):
    assert "1234" in run("sql", "-c", "FROM range(1235)").out
    short = run("sql", "-c", "FROM range(1235)", "--max-rows", "4").out
    assert "4 shown" in short
    assert len(short.splitlines()) < 20


def test_wide_tables_keep_their_columns_in_a_pipe(run):
    columns = ", ".join(f"'{'v' * 30}{i}' AS column_{i}" for i in range(20))
    out = run("sql", "-c", f"SELECT {columns}").out
    assert all(f"{'v' * 30}{i} " in out for i in range(20))


def test_strings_quotes_and_odd_names_survive(run):
    text = """
        SELECT 'ab'::BLOB AS "a b", $$it's$$ AS "select", 1 AS "x|y", 2 AS x, 3 AS x
    """
    for form in ("box", "markdown", "csv", "json"):
        ran = run("sql", "-c", text, "--format", form)
        assert ran.code == 0
        assert "it's" in ran.out


def test_a_reader_that_has_enough(tmp_path):
    query = f"{sys.executable} -m ecomsql.cli sql --format csv -c 'FROM range(3000000)' | head -2"
    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", query], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "range\n0\n", "")
