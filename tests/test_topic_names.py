"""Functions over topics are blind to the names of users, learn once, and refuse damaged models."""

from __future__ import annotations

import re

import pytest

import ecomsql
from ecomsql import catalogue
from ecomsql.cache import CACHE
from ecomsql.models import topic_fitting

MACROS = {macro.name: macro for macro in catalogue.macros()}
SHARED = ("_topic_model", "_reviews", "_review_sample", "_columns", "_model_row")
NAMES = ("review_topics", "topic_words", "train_topics")
every_function = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def con():
    with ecomsql.connect() as connection:
        connection.execute(
            "CREATE TABLE plain AS SELECT i AS review_id, ['red coat wool', 'late parcel courier', "
            "'sweet tea cup'][1 + i % 3] || ' ' || ['nice', 'bad', 'odd', 'fine'][1 + i % 4] "
            "AS text FROM range(36) AS _(i)"
        )
        yield connection


def answer(con, name: str, relation: str, roles: str = "") -> list:
    what = "method, rows, metrics" if name == "train_topics" else "*"
    return con.execute(
        f"SELECT {what} FROM {name}('{relation}', topics := 3, method := 'nmf'{roles})"
    ).fetchall()


def words(name: str, pattern: str) -> list[str]:
    found: set[str] = set()
    for macro in (name, *SHARED):
        text = re.sub(r"'(?:[^']|'')*'|--[^\n]*", "", MACROS[macro].statement)
        found |= set(re.findall(pattern, text))
    return sorted(word for word in found if not word.startswith("_ecomsql_"))


@every_function
def test_relations_may_have_any_name(name, con):
    expected = answer(con, name, "plain")
    assert expected
    ctes = words(name, r"\b([a-z_]+) AS (?:NOT )?(?:MATERIALIZED )?\(")
    for relation in [*ctes, *MACROS[name].arguments]:
        query = f'WITH "{relation}" AS (FROM plain) '
        what = "method, rows, metrics" if name == "train_topics" else "*"
        call = f"SELECT {what} FROM {name}('{relation}', topics := 3, method := 'nmf')"
        assert con.execute(query + call).fetchall() == expected, relation


@every_function
def test_columns_may_have_any_name(name, con):
    expected = answer(con, name, "plain")
    own = ("review_id", "text")
    extra = {word.lower() for word in words(name, r"\b[A-Za-z_]\w*")} - {*own}
    columns = ", ".join(f"'?' AS \"{word}\"" for word in sorted(extra))
    con.execute(f"CREATE OR REPLACE TABLE crowded AS SELECT {columns}, * FROM plain")
    assert answer(con, name, "crowded") == expected
    pairs = sorted(extra)
    step = 6 if name == "train_topics" else 2
    for first, second in zip(pairs[::step], pairs[1::step], strict=False):
        con.execute(
            "CREATE OR REPLACE TABLE renamed AS "
            f'SELECT review_id AS "{first}", text AS "{second}" FROM plain'
        )
        roles = f", id_col := '{first}', text_col := '{second}'"
        assert answer(con, name, "renamed", roles) == expected, (first, second)


def test_the_same_reviews_are_learned_from_once(con, monkeypatch):
    CACHE.clear()
    real, calls = topic_fitting.fit_topics, []

    def counted(*arguments, **options):
        calls.append(options)
        return real(*arguments, **options)

    monkeypatch.setattr(topic_fitting, "fit_topics", counted)
    for name in ("review_topics", "topic_words", "review_topics"):
        answer(con, name, "plain")
    con.execute("CREATE OR REPLACE TABLE turned AS FROM plain ORDER BY review_id DESC")
    assert answer(con, "topic_words", "turned") == answer(con, "topic_words", "plain")
    assert len(calls) == 1
    answer(con, "topic_words", "plain", ", seed := 1")
    assert len(calls) == 2


def test_damaged_models_are_an_error(con):
    con.execute("CREATE OR REPLACE TABLE m AS FROM train_topics(plain, topics := 3)")
    (blob,) = con.execute("SELECT model FROM m").fetchone()
    at = blob.rindex(b"parcel")
    cut, bent = blob[:-9], blob[:at] + b"\xff" + blob[at + 1 :]
    for damaged in (cut, bent, b"", b"no model"):
        con.execute("CREATE OR REPLACE TABLE broken AS SELECT ?::BLOB AS model", [damaged])
        with pytest.raises(Exception, match=r"damaged|not a model"):
            con.execute("FROM topic_words(plain, model := 'broken')").fetchall()
