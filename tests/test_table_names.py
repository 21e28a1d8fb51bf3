"""Names of users' relations and columns do not matter to functions over tables."""

from __future__ import annotations

import re

import pytest

import ecomsql
from ecomsql import catalogue

MACROS = {macro.name: macro for macro in catalogue.macros()}
USED = (
    "predict",
    "explain",
    "_explained_table",
    "_train_table",
    "_types",
    "_columns",
    "_model_row",
)
CALLS = {
    "train_classifier": "SELECT model FROM train_classifier({}, 'bought', method := 'linear')",
    "predict": "SELECT probability FROM predict({}, model := 'm')",
    "explain": "FROM explain({}, model := 'm', id_col := 'visitor')",
}


@pytest.fixture(scope="module")
def con():
    with ecomsql.connect() as connection:
        connection.execute(
            "CREATE TABLE plain AS SELECT i AS visitor, i % 17 AS pages, "
            "['a', 'b'][1 + (i % 2)::INTEGER] AS kind, i % 17 > 9 AS bought FROM range(60) AS _(i)"
        )
        connection.execute(
            "CREATE TABLE m AS FROM train_classifier(plain, 'bought', "
            "features := ['pages', 'kind'], method := 'linear')"
        )
        yield connection


def words(pattern: str) -> list[str]:
    found: set[str] = set()
    for name in USED:
        text = re.sub(r"'(?:[^']|'')*'|--[^\n]*", "", MACROS[name].statement)
        found |= set(re.findall(pattern, text))
    return sorted(word for word in found if not word.startswith("_ecomsql_"))


@pytest.mark.parametrize("function", CALLS)
def test_relations_may_have_any_name(function, con):
    expected = con.execute(CALLS[function].format("plain")).fetchall()
    for name in [
        *words(r"\b([a-z_]+) AS (?:NOT )?(?:MATERIALIZED )?\("),
        "data",
        "model",
        "target",
    ]:
        query = f'WITH "{name}" AS (FROM plain) ' + CALLS[function].format(f"'{name}'")
        assert con.execute(query).fetchall() == expected, name


@pytest.mark.parametrize("function", ["predict", "explain"])
def test_columns_may_have_any_name(function, con):
    expected = con.execute(CALLS[function].format("plain")).fetchall()
    taken = {"visitor", "pages", "kind", "bought"}
    extra = {word.lower() for word in words(r"\b[A-Za-z_]\w*")} - taken
    columns = ", ".join(f"'{word}?' AS \"{word}\"" for word in sorted(extra))
    con.execute(f"CREATE OR REPLACE TABLE crowded AS SELECT {columns}, * FROM plain")
    assert con.execute(CALLS[function].format("crowded")).fetchall() == expected
