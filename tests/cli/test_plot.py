from __future__ import annotations

import io
import re
import subprocess
import sys

import pytest
from pictures import ANOMALIES, DECOMPOSITION, FORECAST, texts_in

pytest.importorskip("matplotlib", reason="the extra 'plot' is not installed")


def test_png(run, tmp_path):
    file = tmp_path / "f.png"
    ran = run("plot", FORECAST.format(series=2), "-o", file)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert file.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert list(tmp_path.iterdir()) == [file]


def test_svg_holds_titles_and_legend(draw):
    said, texts = draw(FORECAST.format(series=3))
    assert said == ""
    assert {"0 · theta", "1 · theta", "2 · theta", "forecast", "interval"} <= set(texts)
    assert "history" not in texts


def test_html_stands_alone(run, tmp_path):
    file = tmp_path / "f.HTML"
    title = "<script>alert(1)</script> & $x^2$"
    assert run("plot", FORECAST.format(series=1), "-o", file, "--title", title).code == 0
    page = file.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "<title>&lt;script&gt;alert(1)&lt;/script&gt; &amp; $x^2$</title>" in page
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!#)', page)
    assert title in texts_in(page[page.index("<svg") : page.index("</svg>") + 6])


@pytest.mark.parametrize("name", ["f.png", "f.svg", "f.html"])
def test_the_same_result_gives_the_same_bytes(run, tmp_path, name):
    drawn = []
    for _ in range(2):
        run("plot", FORECAST.format(series=2), "-o", tmp_path / name)
        drawn.append((tmp_path / name).read_bytes())
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize(
    ("query", "there"),
    [
        (ANOMALIES, {"a", "value", "expected", "usual", "anomaly"}),
        (DECOMPOSITION, {"all rows", "value", "trend", "seasonal", "remainder"}),
        ("SELECT i AS day, i * 2 AS sold, -i AS back FROM range(9) t(i)", {"day", "sold", "back"}),
        ("SELECT today() AS d, 'x' AS shop, 'y' AS kind, 1 AS sold", {"x · y", "sold"}),
        ("SELECT 7 AS item_id, today() AS d, 1.5::DECIMAL(9, 2) AS sold", {"7", "sold"}),
        ("SELECT NULL::VARCHAR AS shop, now() AS t, 1 AS n", {"NULL", "n"}),
        ("SELECT 1 AS x, 2 AS a, 3 AS a", {"a (2)", "a (3)"}),
        ("SELECT 1 AS user_id, 2 AS bought UNION SELECT 2, 3", {"bought"}),
    ],
)
def test_what_a_table_is_is_told_by_its_columns(draw, query, there):
    said, texts = draw(query)
    assert said == ""
    texts = {text.strip() for text in texts}
    assert there <= texts


def test_at_most_twelve(draw):
    said, texts = draw(FORECAST.format(series=15))
    assert "12 of 15 series are drawn, 3 left out" in said
    assert "11 · theta" in texts
    assert "12 · theta" not in texts


def test_most(draw):
    said, texts = draw(FORECAST.format(series=15), "--most", "15")
    assert said == ""
    assert "14 · theta" in texts


def test_of_ten_thousand_series_few_are_drawn(draw):
    said, texts = draw(FORECAST.format(series=10_000), "--most", "2")
    assert "2 of 10000 series are drawn, 9998 left out" in said
    assert sum("theta" in text for text in texts) == 2


def test_named_series_in_their_order(draw):
    said, texts = draw(FORECAST.format(series=50), "--series", "44", "--series", "7")
    assert said == ""
    assert [text for text in texts if "theta" in text] == ["44 · theta", "7 · theta"]


def test_more_named_than_most(draw):
    named = [part for name in range(14) for part in ("--series", name)]
    said, texts = draw(FORECAST.format(series=20), *named)
    assert said == ""
    assert "13 · theta" in texts
    said, texts = draw(FORECAST.format(series=20), *named, "--most", 3)
    assert "3 of 14 series" in said


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("$x^2$", "$x^2$"),
        ("$\\frac{", "$\\frac{"),
        ("<b>&amp;", "<b>&amp;"),
        ("日本", "日本"),
        ("_hidden", "_hidden"),
        ("a" * 200, "a" * 39 + "…"),
        ("two\nlines", "two lines"),
        ("\u202eevil\x01", "�evil�"),
        ("", None),
    ],
)
def test_ids_are_text_and_nothing_else(run, tmp_path, draw, name, title):
    query = f"SELECT '{name}' AS series_id, today() AS ts, 1 AS forecast, 0 AS lower, 2 AS upper"
    _, texts = draw(query)
    assert title is None or title in texts
    assert run("plot", query, "-o", tmp_path / "x.png").code == 0


def test_letters_that_a_png_lacks_are_told(run, tmp_path, draw):
    query = "SELECT '日本' AS item, 1 AS x, 2 AS y"
    assert "lacks some letters" in run("plot", query, "-o", tmp_path / "x.png").err
    said, texts = draw(query)
    assert said == ""
    assert "日本" in texts


def test_names_of_columns_are_text_and_nothing_else(draw):
    _, texts = draw('SELECT 1 AS x, 2 AS "$y_1$", 3 AS "_z", 4 AS "<i>"')
    assert {"$y_1$", "_z", "<i>"} <= {text.strip() for text in texts}


@pytest.mark.parametrize(
    "rows",
    [
        "(DATE '2025-01-01', 1), ('2025-01-02', NULL), ('2025-01-03', 3), (NULL, 4)",
        "(DATE '2025-01-01', 1)",
        "(DATE '2025-01-01', 1), ('infinity', 2)",
        "(TIMESTAMP '2025-01-01 10:00:00', 1e300), ('2025-01-01 10:00:01', -1e300)",
        "(TIMESTAMPTZ '2025-01-01 10:00:00+02', 1e-300), ('2025-02-01', 'inf'::DOUBLE)",
        "(TIMESTAMP_NS '2025-01-01 10:00:00', 1), ('2025-02-01', 'nan'::DOUBLE)",
        "(1, 170141183460469231731687303715884105727), (2, 0)",
        "(9007199254740993::BIGINT, 1), (9007199254740994, 0)",
        "(0.5, 1.0), (1e300, 2), (-1e300, 3)",
        "(1, 1e308), (2, -1e308), (3, 0)",
        "(DATE '1000-01-01', 1), ('8000-01-01', 0)",
        "(3, 5), (3, 6), (1, 7)",
    ],
)
def test_values_at_the_edges(run, tmp_path, rows):
    query = f"""
        SELECT 1 AS series_id, t AS ts, v AS forecast,
            v::DOUBLE - 1 AS lower, v::DOUBLE + 1 AS upper
        FROM (VALUES {rows}) _(t, v)
    """
    ran = run("plot", query, "-o", tmp_path / "x.png")
    assert (ran.code, ran.err) == (0, "")


def test_times_are_sorted_and_gaps_are_gaps(run, tmp_path):
    def drawn(middle):
        rows = f"(3, 1), (1, 1), (2, {middle}), (4, 1)"
        run("plot", f"SELECT * FROM (VALUES {rows}) _(x, y)", "-o", tmp_path / "x.svg")
        return (tmp_path / "x.svg").read_text()

    # From 1 to 4 in a stroke, or 1 as a point and a line from 3 to 4.
    assert drawn("NULL") == drawn("'inf'::DOUBLE") != drawn("1")
    strokes = re.findall(r'<path d="(M [^"]*)" clip-path[^>]*stroke: #2563eb', drawn("1.5"))
    assert [stroke.count("\nL") for stroke in strokes] == [3]
    strokes = re.findall(r'<path d="(M [^"]*)" clip-path[^>]*stroke: #2563eb', drawn("NULL"))
    assert [stroke.count("\nL") for stroke in strokes] == [1]


def test_the_last_result_is_drawn(draw):
    _, texts = draw("CREATE TABLE t AS SELECT 1 AS x, 2 AS y; SELECT 'no'; FROM t; SET threads = 1")
    assert "y" in texts


def test_stdin(monkeypatch, draw):
    monkeypatch.setattr(sys, "stdin", io.StringIO("SELECT 1 AS x, 2 AS why"))
    _, texts = draw()
    assert "why" in texts


def test_database_stays_as_it_was(run, tmp_path, draw):
    file = tmp_path / "shop.duckdb"
    run("sql", "--database", file, "-c", f"CREATE TABLE f AS {FORECAST.format(series=1)}")
    _, texts = draw("FROM f", "--database", file, "--read-only")
    assert "0 · theta" in texts
    assert run("sql", "--database", file, "--format", "csv", "-c", "SHOW TABLES").out == "name\nf\n"


def test_a_failure_leaves_the_old_file(run, tmp_path):
    file = tmp_path / "f.svg"
    file.write_text("old")
    assert run("plot", "SELECT error('no')", "-o", file).code == 1
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]
    assert run("plot", "SELECT 1 AS x, 2 AS y", "-o", file).code == 0
    assert file.read_text().startswith("<?xml")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT 'a' AS b", "it has: b VARCHAR"),
        ("SELECT 1 AS b", "a column of times or numbers and a column of numbers are needed"),
        ("SELECT [1] AS b, TIME '10:00' AS t", "it has: b INTEGER[], t TIME"),
        ("SELECT 1 AS x, 2 AS y WHERE false", "no rows to draw"),
        (FORECAST.format(series=0), "no rows to draw"),
        ("SELECT 1 AS x, NULL::INT AS y", "all NULL or infinite"),
        ("SELECT NULL::INT AS x, 1 AS y", "'x' of the result cannot be drawn along"),
        ("SELECT 'soon' AS ts, 1 AS forecast, 0 AS lower, 2 AS upper", "'ts' of the result"),
        ("SELECT DATE '12000-01-01' AS d, 1 AS y", "outside the years 1000 to 8000"),
        ("SELECT i AS x, i AS y FROM range(1000001) t(i)", "at most 1,000,000 rows"),
        ("SELECT " + ", ".join(f"{i} AS c{i}" for i in range(12)), "11 columns of numbers"),
        ("SET threads = 1", "no result to draw"),
        ("SELEC 1", "syntax error"),
        ("FROM recommend('missing.parquet')", "missing.parquet"),
    ],
)
def test_nothing_to_draw(run, tmp_path, query, said):
    ran = run("plot", query, "-o", tmp_path / "f.png")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("Error: ")
    assert said in ran.err
    assert len(ran.err.splitlines()) <= 2
    assert not list(tmp_path.iterdir())


def test_a_series_that_is_not_there(run, tmp_path):
    query = "SELECT 'shirt' AS item_id, 1 AS x, 2 AS y"
    ran = run("plot", query, "--series", "shrt", "-o", tmp_path / "f.png")
    assert ran.code == 1
    assert ran.err == "Error: the result has no series 'shrt'; did you mean 'shirt'?\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["SELECT 1"], "Missing option '-o' / '--output'"),
        (["SELECT 1", "-o", "f.pdf"], "it ends in one of: .png, .svg, .html"),
        (["SELECT 1", "-o", "png"], "cannot tell the format from the name 'png'"),
        (["SELECT 1", "-o", "no/such/folder/f.png"], "there is no folder"),
        (["SELECT 1", "-o", "f.png", "--most", "0"], "--most"),
        (["SELECT 1", "-o", "f.png", "--most", "101"], "--most"),
        (["SELECT 1", "-o", "f.png", "--past", "-1"], "--past"),
        (["SELECT 1", "-o", "f.png", "--database", "missing.duckdb", "--read-only"], "missing"),
        (["", "-o", "f.png"], "there is no SQL"),
        (["SELECT 1", "SELECT 2", "-o", "f.png"], "unexpected extra argument"),
    ],
)
def test_wrong_use(run, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    ran = run("plot", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert not list(tmp_path.iterdir())


def test_without_matplotlib(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    ran = run("plot", "SELECT error('not run')", "-o", tmp_path / "f.png")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "Error: drawing needs matplotlib: pip install 'ecomsql[plot]'\n"


def test_settings_of_the_users_take_no_part_and_are_back_afterwards(run, tmp_path):
    import matplotlib

    query = FORECAST.format(series=1)
    run("plot", query, "-o", tmp_path / "a.svg")
    with matplotlib.rc_context({"text.usetex": True, "lines.linewidth": 9, "svg.fonttype": "path"}):
        run("plot", query, "-o", tmp_path / "b.svg")
        assert matplotlib.rcParams["lines.linewidth"] == 9
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_pyplot_stays_away(tmp_path):
    program = (
        "import sys\nfrom ecomsql.cli import main\n"
        f"try: main(['plot', 'SELECT 1 AS x, 2 AS y', '-o', {str(tmp_path / 'f.png')!r}])\n"
        "except SystemExit as end: print(end.code, 'matplotlib.pyplot' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert ran.stdout == "0 False\n"
