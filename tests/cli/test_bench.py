from __future__ import annotations

import json

import pytest

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


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("n,total,nothing\n61,{total},\n", "row 1, n: 60, expected 61"),
        ("n,total,nothing\n", "1 rows, expected 0"),
        ("m,total,nothing\n60,{total},\n", "columns are n, total, nothing, expected m, total"),
        ("n,total,nothing\n60,{total},x\n", "row 1, nothing: , expected x"),
        ("n,total,nothing\n60,1.5,\n", "row 1, total: "),
        ("", "columns are n, total, nothing, expected none"),
    ],
)
def test_wrong_answers(bench, folder, expected, said):
    bench("--write-expected")
    file = folder / "good.expected.csv"
    total = file.read_text().splitlines()[1].split(",")[1]
    file.write_text(expected.format(total=total))
    ran = bench()
    assert ran.code == 1
    assert "wrong" in ran.out
    assert said in ran.err


def test_last_digits_do_not_matter(bench, folder):
    bench("--write-expected")
    file = folder / "good.expected.csv"
    total = float(file.read_text().splitlines()[1].split(",")[1])
    file.write_text(f"n,total,nothing\n60.0,{total * (1 + 1e-6)},\n")
    assert bench().code == 0


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
