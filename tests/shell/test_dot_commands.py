from __future__ import annotations

import json
from itertools import pairwise

import duckdb
import pytest

from ecomsql import catalogue
from ecomsql.shell.command import commands


def test_help_lists_every_command(say):
    out, err = say(".help")
    assert err == ""
    for one in commands().values():
        assert one.shape in out
        assert one.summary.endswith("."), one.name


def test_help_explains_a_function(say):
    out, _ = say(".help RECOMMEND")
    function = next(one for one in catalogue.functions() if one.name == "recommend")
    assert out.startswith("recommend(data, k := 10")
    for name in function.arguments:
        assert f"  {name} " in out


def test_help_explains_functions_of_duckdb_and_commands(say):
    assert "Truncate to specified precision" in say(".help date_trunc")[0]
    assert say(".help mode")[0].startswith(".mode [box|csv")


def test_functions(say):
    out, _ = say(".functions topic")
    assert "train_topics" in out
    assert "recommend" not in out


def test_tables(say):
    say("CREATE SCHEMA s; CREATE TABLE s.t (a INTEGER); CREATE VIEW v AS FROM events;")
    say(".mode csv")
    assert say(".tables")[0].splitlines() == [
        "name,kind,columns,rows",
        "events,table,3,180",
        "v,view,3,",
        "s.t,table,1,0",
    ]
    assert say(".tables E%")[0].splitlines()[1:] == ["events,table,3,180"]
    assert "ecomsql" not in say(".tables")[0]


def test_no_tables(say):
    say("DROP TABLE events;")
    assert say(".tables") == ("", "There are no tables.\n")


def test_schema(say):
    say('CREATE TABLE "odd name" (a INTEGER PRIMARY KEY); CREATE VIEW v AS FROM "odd name";')
    say("CREATE INDEX i ON events (user_id);")
    out, _ = say(".schema")
    assert "CREATE TABLE events(" in out
    assert "CREATE VIEW v AS" in out
    assert "CREATE INDEX i ON events" in say(".schema events")[0]
    assert say(".schema 'odd name'")[0].startswith('CREATE TABLE "odd name"')
    assert say(".schema main.v")[0].startswith("CREATE VIEW v")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("csv", "a,b\n1,x\n2,\n"),
        ("json", '[\n  {"a":1,"b":"x"},\n  {"a":2,"b":null}\n]\n'),
        ("line", "a = 1\nb = x\n\na = 2\nb = NULL\n"),
        ("markdown", "| a | b |\n| ---: | --- |\n| 1 | x |\n| 2 | NULL |\n"),
    ],
)
def test_mode(say, mode, expected):
    assert say(f".mode {mode}") == ("", "")
    assert say("SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, NULL ORDER BY a;")[0] == expected
    assert say(".mode") == ("", f"{mode}; there are: box, csv, json, line, markdown\n")


def test_line_mode_of_bytes_and_no_rows(say):
    say(".mode line")
    assert (
        say("SELECT 'ab'::BLOB AS long_name, 1 AS n;")[0]
        == "long_name = <2 bytes>\n        n = 1\n"
    )
    assert say("SELECT 1 AS a WHERE false;")[0] == ""


def test_maxrows(say):
    say(".maxrows 2")
    assert "·" in say("FROM range(9);")[0]
    say(".maxrows 0")
    assert "·" not in say("FROM range(99);")[0]
    assert say(".maxrows") == ("", "all rows\n")


def test_timer(say):
    say(".timer on")
    out, err = say("SELECT 1 AS a; CREATE TABLE t (a INTEGER);")
    assert err.count("Run Time (s): real 0.") == 2
    assert "Run" not in out
    say(".timer off")
    assert say("SELECT 1;")[1] == ""
    assert say(".timer") == ("", "off\n")


def test_read(say, folder):
    (folder / "inner.sql").write_text("SELECT 2 AS b;")
    (folder / "outer.sql").write_text("\ufeff.mode csv\n.read inner.sql\n.print 'and' now\n")
    assert say(".read outer.sql") == ("b\n2\nand now\n", "")


def test_read_says_where_it_went_wrong(say, folder):
    (folder / "bad.sql").write_text("SELECT 1 AS a;\n\nSELECT\n  nothing;\nSELECT 3 AS c;\n")
    (folder / "outer.sql").write_text("-- first\n.read bad.sql\nSELECT 4 AS d;\n")
    out, err = say(".read outer.sql")
    assert "│   a   │" in out
    assert err.startswith('Error: bad.sql, line 3: Binder Error: Referenced column "nothing"')
    assert len(err.splitlines()) <= 2


def test_a_file_that_reads_itself(say, folder):
    (folder / "self.sql").write_text(".read self.sql")
    assert "is read by itself" in say(".read self.sql")[1]


def test_output_takes_what_comes(say, folder):
    out, err = say(".output results.csv")
    assert (out, err) == ("", f"Results go to {folder / 'results.csv'}, as csv.\n")
    assert say("SELECT 1 AS a; SELECT 2 AS b;")[0] == ""
    say(".print done")
    say(".output")
    assert "│" in say("SELECT 3 AS c;")[0]
    assert (folder / "results.csv").read_text() == "a\n1\nb\n2\ndone\n"


def test_output_in_the_mode_where_the_name_says_nothing(say, folder):
    say(".mode markdown")
    say(".output results")
    say("SELECT 1 AS a; SELECT 2 AS b;")
    assert (folder / "results").read_text() == "| a |\n| ---: |\n| 1 |\n\n| b |\n| ---: |\n| 2 |\n"


@pytest.mark.parametrize("name", ["o.json", "o o.json"])
def test_once(say, folder, name):
    say(f".once '{name}'")
    assert say("SELECT 1 AS a;")[0] == ""
    assert "│" in say("SELECT 2 AS b;")[0]
    assert json.loads((folder / name).read_text()) == [{"a": 1}]


def test_once_keeps_the_file_when_the_query_fails(say, folder):
    (folder / "o.csv").write_text("before")
    say(".once o.csv")
    assert "nothing" in say("SELECT nothing;")[1]
    assert (folder / "o.csv").read_text() == "before"
    say(".once o.csv")
    assert say("CREATE TABLE t (a INTEGER);")[1] == (
        "Error: o.csv is not written, as there was no result\n"
    )
    assert (folder / "o.csv").read_text() == "before"
    assert [one.name for one in folder.iterdir()] == ["o.csv"]


def test_once_into_parquet(say, folder):
    say(".once o.parquet")
    assert say("SELECT 1 AS a;") == ("", "")
    assert duckdb.sql(f"FROM '{folder / 'o.parquet'}'").fetchall() == [(1,)]
    say(".once two.parquet")
    assert "one result" in say("SELECT 1; SELECT 2;")[1]
    assert not (folder / "two.parquet").exists()


def test_plot(say, folder):
    pytest.importorskip("matplotlib")
    say("SELECT range AS x, range * range AS y FROM range(9);")
    assert say(".plot last.svg") == ("", "Drawn into last.svg\n")
    say(
        ".plot 'its own.svg' --title 'Of its own' --most 3 SELECT range AS x, 1 AS y FROM range(9);"
    )
    assert "Of its own" in (folder / "its own.svg").read_text()
    assert (folder / "last.svg").stat().st_size > 1000


def test_what_changes_something_is_not_drawn_again(say, folder):
    say("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1) RETURNING a;")
    assert "no result to draw" in say(".plot x.svg")[1]


WRONG = {
    ".tabels": "there is no command .tabels; did you mean '.tables'?",
    ".xyz": "there is no command .xyz; .help lists them",
    ".": "there is no command .; .help lists them",
    ".t": ".t may be .tables or .timer",
    ".mode jsn": "'jsn' is none of box, csv, json, line, markdown; did you mean 'json'?",
    ".mode csv json": "it is used as .mode [box|csv|json|line|markdown]",
    ".timer maybe": "'maybe' is none of on, off",
    ".maxrows many": "'many' is no number of rows",
    ".maxrows -1": "'-1' is no number of rows",
    ".pager on": "results do not go to a terminal",
    ".pager less": "'less' is none of on, off",
    ".read": "it is used as .read FILE",
    ".read nothing.sql": "cannot read nothing.sql: No such file or directory",
    ".read 'open": "a quote is not closed in: 'open",
    ".output /no/where.csv": "there is no folder /no",
    ".output o.parquet": "a parquet file holds one result: .once o.parquet",
    ".output |less": "results go to files",
    ".once": "it is used as .once FILE",
    ".tables a b": "it is used as .tables [PATTERN]",
    ".tables evens": "no table or view is called 'evens'; did you mean 'events'?",
    ".schema evens": "no table or view is called 'evens'; did you mean 'events'?",
    ".schema data.csv": "data.csv is a file: DESCRIBE FROM 'data.csv'; shows its columns",
    ".help recomend": "there is no function or command 'recomend'; did you mean 'recommend'?",
    ".functions nonsense": "no function has 'nonsense' in its name or summary",
    ".plot": "it is used as .plot FILE [QUERY...]",
    ".plot x.svg": "there is no result to draw yet: .plot FILE QUERY",
    ".plot x.gif SELECT 1": "cannot tell the format from the name 'x.gif'",
    ".plot x.svg -- nothing": "there is no SQL to run",
    ".plot x.svg SELECT nothing": 'Referenced column "nothing"',
    ".plot x.svg --most none SELECT 1": "'none' is not a valid integer",
    ".plot x.svg --size 3 SELECT 1": "No such option",
    ".cd": "it is used as .cd FOLDER",
    ".cd nowhere": "cannot go to nowhere: No such file or directory",
    ".quit now": "it is used as .quit",
}


@pytest.mark.parametrize("text", WRONG)
def test_wrong_use(say, folder, text):
    (folder / "data.csv").write_text("a\n1\n")
    out, err = say(text)
    assert out == ""
    assert err.startswith("Error: ")
    assert WRONG[text] in err
    assert len(err.splitlines()) <= 2
    assert "│" in say("SELECT 1;")[0]


def test_wrong_use_of_each_is_tried():
    tried = {text.removeprefix(".").partition(" ")[0] for text in WRONG}
    assert set(commands()) - tried <= {"exit", "print"}


def test_the_beginning_of_a_name_will_do(say):
    assert say(".ti on") == ("", "")
    assert say(".he mode;")[0].startswith(".mode")
    assert say("  .print '<' >  ;")[0] == "< >\n"


def test_cd(say, folder):
    (folder / "sub").mkdir()
    (folder / "sub" / "one.csv").write_text("a\n7\n")
    assert say(".cd sub") == ("", "")
    assert "│     7 │" in say("FROM 'one.csv';")[0]


def test_explain_is_drawn(say):
    out, _ = say("EXPLAIN SELECT 42;")
    assert len(out.splitlines()) > 3
    assert "explain_value" not in out


def test_pivot_and_its_picture(say, folder):
    pytest.importorskip("matplotlib")
    text = "PIVOT (SELECT item_id, user_id % 2 AS odd FROM events) ON odd USING count(*);"
    assert "│" in say(text)[0]
    drawn = duckdb.__version__ >= "2"
    said = (
        "Drawn into p.svg" if drawn else "Error: there is no result to draw yet: .plot FILE QUERY"
    )
    assert say(".plot p.svg --most 20")[1] == f"{said}\n"


def test_results_stand_apart(say):
    out, _ = say("SELECT 1 AS a; SELECT 2 AS b;")
    assert "┘\n\n┌" in out


def test_transactions(say, session):
    for text, mark in pairwise(["", "BEGIN;", "*", "SELECT 1;", "*", "COMMIT;", ""]):
        if text.endswith(";"):
            say(text)
            assert session.transaction.value == mark
    assert say("SELECT nothing;")[1].count("\n") <= 2


def test_what_went_wrong_in_a_transaction(say, session):
    say("BEGIN; CREATE TABLE t (a INTEGER PRIMARY KEY);")
    _, err = say("INSERT INTO t VALUES (1), (1);")
    assert err.endswith("The transaction is aborted: ROLLBACK; ends it and undoes it.\n")
    _, err = say("SELECT 1;")
    assert err == (
        "Error: TransactionContext Error: Current transaction is aborted (please ROLLBACK)\n"
    )
    say("ROLLBACK;")
    assert session.transaction.value == ""
    assert "does not exist" in say("FROM t;")[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FROM recommend(events, kk := 3)", "recommend has no argument 'kk'; did you mean 'k'?"),
        ("FROM recommend(events, zz := 3)", "recommend has no argument 'zz'; there are: data, k,"),
        ("SELECT * FROM events, predict(events, K := f(x := 1))", "predict has no argument 'k'"),
        ("FROM recommend()", "these arguments; .help recommend explains them"),
    ],
)
def test_wrong_calls(say, text, said):
    out, err = say(f"{text};")
    assert out == ""
    assert err.startswith("Error: ")
    assert said in err
    assert err.count("\n") == 1
