from __future__ import annotations

from importlib.resources import files

import pytest

from ecomsql import shop
from ecomsql.cli.queries import parse, queries

QUESTIONS = queries(files("ecomsql.sql") / "queries")


@pytest.fixture(autouse=True)
def small_shop(monkeypatch):
    def generate(folder):
        return shop.generate(folder, users=150, items=60, days=365, seed=3)

    monkeypatch.setattr("ecomsql.cli.demo.generate", generate)


def test_asks_and_answers_every_question(run, tmp_path):
    ran = run("demo", "--folder", tmp_path / "shop")
    assert ran.code == 0
    words = " ".join(ran.out.split())
    for query in QUESTIONS:
        assert " ".join(query.question.split()) in words
        assert query.sql in ran.out
        assert f"({query.name}.sql: " in ran.err
    assert ran.out.count("└") >= len(QUESTIONS)
    assert (tmp_path / "shop" / "events.parquet").exists()


def test_there_are_questions_with_answers(run, shop):
    assert len(QUESTIONS) >= 5
    for query in QUESTIONS:
        assert query.question.count("?") >= 1
        ran = run("sql", "--data", shop, "--format", "csv", "-c", query.part(lambda _: False))
        assert ran.code == 0, query.name
        assert len(ran.out.splitlines()) > 1, query.name


def test_a_folder_that_is_a_file(run, tmp_path):
    (tmp_path / "file").touch()
    ran = run("demo", "--folder", tmp_path / "file")
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize(
    ("text", "question", "sql"),
    [
        ("-- What?\n-- Now.\nSELECT 1;\n-- end", "What? Now.", "SELECT 1;\n-- end"),
        ("SELECT 1", "", "SELECT 1"),
        ("-- only", "only", ""),
        ("", "", ""),
    ],
)
def test_the_comment_on_top_is_the_question(text, question, sql):
    query = parse("name", text)
    assert (query.question, query.sql) == (question, sql)


def test_what_needs_an_extension_is_left_out_where_that_is_missing():
    query = parse("x", "-- Why?\nSELECT 1;\n\n-- needs: vss\nSELECT 2;")
    assert query.part(lambda name: name == "vss") == query.sql
    assert query.part(lambda _: False) == "SELECT 1;"
