from __future__ import annotations

import json

import pytest

from ecomsql.cli.answers import difference

GOOD = "SELECT count(*) AS n, round(sum(price), 2) AS total, NULL AS nothing FROM 'items.parquet'"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "benchmarks"
    folder.mkdir()
    (folder / "good.sql").write_text(f"-- How many?\n{GOOD};\n")
    return folder


@pytest.fixture
def bench(run, folder, shop):
    return lambda *arguments: run("bench", folder, "--data", shop, "--repeat", 1, *arguments)


def test_right_answers(bench, folder):
    written = bench("--write-expected")
    assert written.code == 0
    assert (folder / "good.expected.csv").read_text().startswith("n,total,nothing\n60,")
    ran = bench()
    assert ran.code == 0
    assert ran.out.split()[:2] == ["query", "answer"]
    assert "good" in ran.out
    assert "ok" in ran.out
    assert ran.err == "good: ok\n"


def test_wrong_answers(bench, folder):
    (folder / "good.expected.csv").write_text("n,total,nothing\n61,1.5,\n")
    ran = bench()
    assert ran.code == 1
    assert "wrong" in ran.out
    assert ran.err == "good: row 1, n: 60, expected 61\n"


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("a,b\n1,x\n2.5,\n", None),
        ("a,b\n1.0,x\n2.500001,\n", None),
        ("a,b\n1,x\n2.6,\n", "row 2, a: 2.5, expected 2.6"),
        ("a,b\n1,x\n2.5,0\n", "row 2, b: , expected 0"),
        ("a,b\n1,X\n2.5,\n", "row 1, b: x, expected X"),
        ("a,b\n2.5,\n1,x\n", "row 1, a: 1, expected 2.5"),
        ("a,b\n1,x\n", "2 rows, expected 1"),
        ("a,c\n1,x\n2.5,\n", "columns are a, b, expected a, c"),
        ("", "columns are a, b, expected none"),
    ],
)
def test_what_counts_as_a_difference(tmp_path, expected, said):
    (tmp_path / "found.csv").write_text("a,b\n1,x\n2.5,\n")
    (tmp_path / "expected.csv").write_text(expected)
    assert difference(tmp_path / "expected.csv", tmp_path / "found.csv") == said


def test_missing_expectation(bench):
    ran = bench()
    assert ran.code == 1
    assert "missing" in ran.out
    assert "there is no good.expected.csv" in ran.err


def test_failing_query(bench, folder):
    (folder / "bad.sql").write_text("FROM nowhere")
    ran = bench("--write-expected")
    assert ran.code == 1
    assert "bad: Catalog Error: Table with name nowhere does not exist!" in ran.err
    assert "good: ok" in ran.err
    assert not (folder / "bad.expected.csv").exists()


def test_query_without_a_result(bench, folder):
    (folder / "good.sql").write_text("CREATE TEMP TABLE t (i INT)")
    ran = bench("--write-expected")
    assert ran.code == 1
    assert "no result to check" in ran.err


def test_the_last_result_counts(bench, folder):
    (folder / "good.sql").write_text("SELECT 1 AS a; SELECT 2 AS b;")
    bench("--write-expected")
    assert (folder / "good.expected.csv").read_text() == "b\n2\n"


def test_figures_as_json(bench, tmp_path):
    target = tmp_path / "figures.json"
    assert bench("--write-expected", "--json", target).code == 0
    figures = json.loads(target.read_text())
    assert figures["hardware"]["cores"] >= 1
    assert {"python", "ecomsql", "duckdb", "torch"} <= figures["versions"].keys()
    assert "commit" in figures
    (query,) = figures["queries"]
    assert query["name"] == "good"
    assert query["answer"] == "ok"
    assert 0 < query["minimum_s"] <= query["median_s"]
    assert query["peak_bytes"] > 10_000_000
    assert len(query["times_s"]) == 1


def test_slower_than_the_baseline(bench, tmp_path):
    target = tmp_path / "figures.json"
    bench("--write-expected", "--json", target)
    assert bench("--baseline", target, "--tolerance", 1e6).code == 0
    ran = bench("--baseline", target, "--tolerance", 1e-6)
    assert ran.code == 1
    assert "slow" in ran.out
    assert "times the baseline's median" in ran.err


def test_a_query_that_the_baseline_lacks(bench, tmp_path):
    target = tmp_path / "figures.json"
    target.write_text('{"queries": []}')
    bench("--write-expected")
    assert bench("--baseline", target).code == 0


@pytest.mark.parametrize("text", ["", "[]", '{"queries": [{}]}', '{"queries": 5}'])
def test_a_broken_baseline(bench, tmp_path, text):
    target = tmp_path / "figures.json"
    target.write_text(text)
    ran = bench("--baseline", target)
    assert (ran.code, ran.out) == (2, "")
    assert "no file written by --json" in ran.err


def test_wrong_use(run, tmp_path):
    assert run("bench").code == 2
    assert "there is no folder" in run("bench", tmp_path / "nowhere").err
    ran = run("bench", tmp_path)
    assert ran.code == 2
    assert "holds no .sql files" in ran.err
    (tmp_path / "q.sql").write_text("SELECT 1")
    assert run("bench", tmp_path, "--repeat", 0).code == 2
    assert run("bench", tmp_path, "--json", tmp_path / "no" / "x.json").code == 2


def test_makes_up_a_shop_when_none_is_given(run, folder, monkeypatch, shop):
    made = []

    def generate(target):
        made.append(target)
        target.symlink_to(shop)

    monkeypatch.setattr("ecomsql.cli.bench.generate", generate)
    assert run("bench", folder, "--repeat", 1, "--write-expected").code == 0
    assert len(made) == 1
    assert not made[0].parent.exists()
