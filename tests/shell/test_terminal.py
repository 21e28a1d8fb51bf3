from __future__ import annotations

import time

ENDLESS = "SELECT count(*) FROM range(100000000000) a, range(1000) b;"


def test_a_query_is_answered_in_a_box(terminal):
    seen = terminal.ask("SELECT 6 * 7 AS answer;")
    assert "│ answer │" in seen
    assert "│     42 │" in seen


def test_a_statement_goes_on_until_its_semicolon(terminal):
    terminal.send("SELECT ';' AS a, -- not yet;\r")
    terminal.expect("......>")
    terminal.send("$$;$$ AS b,\r")
    terminal.expect("......>")
    seen = terminal.ask('1 AS "c;";')
    assert "│ ;       │ ;       │     1 │" in seen


def test_several_statements_end_at_the_first_error(terminal):
    seen = terminal.ask("SELECT 1 AS one; SELECT nothing; SELECT 3 AS three;")
    assert "│  one  │" in seen
    assert 'Binder Error: Referenced column "nothing"' in seen
    assert "│ three │" not in seen


def test_ctrl_c_stops_a_query_and_not_the_shell(terminal):
    terminal.send(f"SELECT 1 AS begun; {ENDLESS}\r")
    terminal.expect("│ begun │")
    time.sleep(0.5)
    begun = time.monotonic()
    terminal.send("\x03")
    terminal.expect("Interrupted.")
    terminal.expect("memory>")
    assert time.monotonic() - begun < 5
    assert "│     43 │" in terminal.ask("SELECT 43 AS answer;")


def test_ctrl_c_clears_the_line(terminal):
    terminal.send("SELECT nonsense")
    terminal.expect("nonsense")
    terminal.send("\x03")
    terminal.expect("memory>")
    assert "│     44 │" in terminal.ask("SELECT 44 AS answer;")


def test_a_paste_is_several_inputs(terminal):
    text = "SELECT 1 AS a;\n.mode csv\nSELECT 2 AS b;\n.mode box\nSELECT\n3 AS c;"
    terminal.send(f"\x1b[200~{text}\x1b[201~")
    terminal.expect("3 AS c;")
    seen = terminal.ask("")
    assert "│   a   │" in seen
    assert "b\r\n2\r\n" in seen
    assert "│   c   │" in seen


def test_the_prompt_tells_of_a_transaction(terminal):
    terminal.ask("BEGIN;")
    terminal.ask("CREATE TABLE t AS SELECT 1 AS a;")
    seen = terminal.ask("SELECT nothing;")
    assert "COMMIT; or ROLLBACK;" in seen
    assert "memory*>" in seen
    terminal.ask("ROLLBACK;")
    assert "Table with name t does not exist" in terminal.ask("FROM t;")


def test_an_aborted_transaction_says_what_to_do(terminal):
    terminal.ask("BEGIN; CREATE TABLE t (a INTEGER PRIMARY KEY);")
    seen = terminal.ask("INSERT INTO t VALUES (1), (1);")
    assert "ROLLBACK;" in seen
    assert "memory!>" in seen
    terminal.ask("ROLLBACK;")


def test_use_names_the_prompt_and_keeps_the_functions(terminal):
    terminal.ask("ATTACH ':memory:' AS other; USE other;")
    seen = terminal.ask("SELECT count(*) > 30 AS n FROM ecomsql_functions();")
    assert "other>" in seen
    assert "│ true    │" in seen
    terminal.ask("USE memory; DETACH other;")


def test_tab_completes_a_file(terminal):
    # The only one that there is needs no choice.
    assert "│   180 │" in terminal.ask("SELECT count(*) AS n FROM 'eve\t;")


def test_tab_chooses_and_enter_takes(terminal):
    # The second of duckdb_variables and duckdb_views; only one has this column.
    seen = terminal.ask("SELECT count(view_name) + 48 AS n FROM duckdb_v\t\t\r) WHERE false;")
    assert "│    48 │" in seen


def test_boxes_are_cut_to_the_window(terminal):
    seen = terminal.ask("SELECT repeat('x', 200) AS a, repeat('y', 200) AS b;")
    lines = [line for line in seen.splitlines() if line.startswith("│")]
    assert max(map(len, lines)) <= 100


def test_tall_results_go_through_the_pager(data, start):
    terminal = start("shell", state=data, env={"PAGER": "sed s/range/paged/"})
    terminal.expect("memory>")
    assert "│ range │" in terminal.ask("FROM range(5);")
    assert "paged" in terminal.ask("FROM range(100);")
    terminal.ask(".pager off")
    assert "│   range    │" in terminal.ask("FROM range(100);")


def test_ctrl_d_leaves_and_the_history_stays(start):
    terminal = start("shell")
    terminal.expect("memory>")
    terminal.ask("SELECT 45\r  AS answer;")
    terminal.ask(" SELECT 46 AS secret;")
    terminal.ask("BEGIN;")
    terminal.send("\x04")
    terminal.expect("rolled back")
    assert terminal.wait() == 0

    # Without a word behind it, the program is a shell too.
    terminal = start()
    terminal.expect("memory>")
    # Ctrl-R finds it, and Enter takes it.
    terminal.send("\x12AS ans\r")
    terminal.expect("AS answer;")
    assert "│     45 │" in terminal.ask("")
    terminal.send("\x12AS secret")
    assert "46" not in terminal.expect("secret")
    terminal.send("\x03")
    terminal.send("\x04")
    assert terminal.wait() == 0


def test_a_plain_terminal_and_no_home_will_do(start):
    terminal = start("shell", state="", env={"TERM": "dumb", "HOME": "/proc/nowhere"})
    terminal.expect("memory>")
    assert "│     48 │" in terminal.ask("SELECT 48 AS answer;")
    terminal.send("quit\r")
    assert terminal.wait() == 0
