"""Names of users' relations and columns do not matter to the functions over reviews."""

from __future__ import annotations

import re

import pytest

import ecomsql
from ecomsql import catalogue

MACROS = {macro.name: macro for macro in catalogue.macros()}
CALLS = {
    "embed_reviews": "FROM embed_reviews({data}, dims := 4, method := 'tfidf_svd', {id}, {text})",
    "similar_reviews": "FROM similar_reviews({data}, 'late parcel', dims := 4, {id}, {text}, "
    "method := 'tfidf_svd')",
    "review_sentiment": "FROM review_sentiment({data}, method := 'linear', rating_col := 'stars', "
    "{id}, {text})",
    "train_embedder": "SELECT rows, metrics FROM train_embedder({data}, dims := 4, {id}, {text})",
    "train_sentiment": "SELECT rows, metrics FROM train_sentiment({data}, method := 'linear', "
    "rating_col := 'stars', {id}, {text})",
    "review_summary": "FROM review_summary({data}, topics := 2, sentiment_method := 'lexicon', "
    "item_col := 'visitor', rating_col := 'stars', {text})",
}
every_function = pytest.mark.parametrize("name", CALLS)


@pytest.fixture(scope="module")
def con():
    with ecomsql.connect() as connection:
        connection.execute(
            "CREATE TABLE plain AS SELECT i AS visitor, 1 + i % 5 AS stars, ['red coat wool', "
            "'late parcel', 'sweet tea'][1 + i % 3] || ['nice', 'bad'][1 + i % 2] AS said "
            "FROM range(30) AS _(i)"
        )
        yield connection


def answer(con, name: str, relation: str, of: str = "visitor", said: str = "said") -> list:
    roles = {"id": f"id_col := '{of}'", "text": f"text_col := '{said}'"}
    call = CALLS[name].replace("item_col := 'visitor'", f"item_col := '{of}'")
    return sorted(con.execute(call.format(data=repr(relation), **roles)).fetchall(), key=repr)


def used(name: str) -> set[str]:
    found = {name}
    for callee in MACROS[name].calls:
        found |= used(callee)
    return found


def words(name: str, pattern: str) -> list[str]:
    found: set[str] = set()
    for macro in used(name):
        text = re.sub(r"'(?:[^']|'')*'|--[^\n]*", "", MACROS[macro].statement)
        found |= {word.lower() for word in re.findall(pattern, text)}
    return sorted(word for word in found if not word.startswith("_ecomsql_"))


@every_function
def test_relations_may_have_any_name(name, con):
    expected = answer(con, name, "plain")
    assert expected
    for relation in words(name, r"\b([a-z_]+) AS (?:NOT )?(?:MATERIALIZED )?\("):
        con.execute(f'CREATE OR REPLACE TEMP TABLE "{relation}" AS FROM plain')
        assert answer(con, name, relation) == expected, relation
        con.execute(f'DROP TABLE "{relation}"')


@every_function
def test_columns_may_have_any_name(name, con):
    expected = answer(con, name, "plain")
    others = [word for word in words(name, r"\b[A-Za-z_]\w*") if word != "embedding"]
    columns = ", ".join(f"'{word}?' AS \"{word}\"" for word in others)
    con.execute(f"CREATE OR REPLACE TEMP TABLE wide AS SELECT {columns}, * FROM plain")
    assert answer(con, name, "wide") == expected
    for first, second in zip(others[::4], others[1::4], strict=False):
        con.execute(
            "CREATE OR REPLACE TEMP TABLE renamed AS "
            f'SELECT visitor AS "{first}", said AS "{second}", stars FROM plain'
        )
        assert answer(con, name, "renamed", first, second) == expected, (first, second)
