"""Names of users' relations and columns do not matter to functions over series."""

from __future__ import annotations

import re

import pytest

import ecomsql
from ecomsql import catalogue

MACROS = {macro.name: macro for macro in catalogue.macros()}
SHARED = ("_series", "_series_time", "_time_text", "_columns", "_time_order")
CALLS = {
    "decompose_series": "FROM decompose_series({})",
    "detect_anomalies": "FROM detect_anomalies({})",
    "plan_inventory": "FROM plan_inventory({}, method := 'naive', value_col := 'price', "
    "on_hand := 'stock', lead_time := 'wait')",
}


@pytest.fixture(scope="module")
def con():
    with ecomsql.connect() as connection:
        connection.execute(
            "CREATE TABLE plain AS SELECT i % 2 AS item_id, DATE '2024-01-01' + (i // 2)::INTEGER "
            "AS ts, 1 + i % 5 AS price, 3 AS stock, 2 AS wait FROM range(40) AS _(i)"
        )
        yield connection


def words(function: str, pattern: str) -> list[str]:
    found: set[str] = set()
    for name in (function, *SHARED):
        text = re.sub(r"'(?:[^']|'')*'|--[^\n]*", "", MACROS[name].statement)
        found |= set(re.findall(pattern, text))
    return sorted(word for word in found if not word.startswith("_ecomsql_"))


@pytest.mark.parametrize("function", CALLS)
def test_relations_may_have_any_name(function, con):
    expected = con.execute(CALLS[function].format("plain")).fetchall()
    assert expected
    ctes = words(function, r"\b([a-z_]+) AS (?:NOT )?(?:MATERIALIZED )?\(")
    for name in [*ctes, *MACROS[function].arguments]:
        query = f'WITH "{name}" AS (FROM plain) ' + CALLS[function].format(f"'{name}'")
        assert con.execute(query).fetchall() == expected, name


@pytest.mark.parametrize("function", CALLS)
def test_columns_may_have_any_name(function, con):
    expected = con.execute(CALLS[function].format("plain")).fetchall()
    taken = {"item_id", "ts", "price", "stock", "wait"}
    extra = {word.lower() for word in words(function, r"\b[A-Za-z_]\w*")} - taken
    columns = ", ".join(f"'{word}?' AS \"{word}\"" for word in sorted(extra))
    con.execute(f"CREATE OR REPLACE TABLE crowded AS SELECT {columns}, * FROM plain")
    assert con.execute(CALLS[function].format("crowded")).fetchall() == expected
