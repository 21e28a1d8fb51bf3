"""Names of users' relations and columns do not matter to duplicate_reviews."""

from __future__ import annotations

import re

import pytest

import ecomsql
from ecomsql import catalogue

MACROS = {macro.name: macro for macro in catalogue.macros()}
USED = ("duplicate_reviews", "_time_order", "_columns")
CALL = "FROM duplicate_reviews({}, id_col := '{}', text_col := '{}', time_col := 'seen')"


@pytest.fixture(scope="module")
def con():
    with ecomsql.connect() as connection:
        connection.execute(
            "CREATE TABLE plain AS SELECT 7 - i AS visitor, i AS seen, "
            "'Too small, 很便宜但是质量不好' AS said FROM range(3) AS _(i)"
        )
        yield connection


@pytest.fixture(scope="module")
def words():
    found: set[str] = set()
    for name in USED:
        text = re.sub(r"'(?:[^']|'')*'|--[^\n]*", "", MACROS[name].statement)
        found |= set(re.findall(r"\b[A-Za-z_]\w*", text))
    return sorted({word.lower() for word in found if not word.startswith("_ecomsql_")})


def test_relations_may_have_any_name(con, words):
    expected = con.execute(CALL.format("plain", "visitor", "said")).fetchall()
    assert expected == [(6, 7, 1.0), (5, 7, 1.0)]
    for name in words:
        query = f'WITH "{name}" AS (FROM plain) {CALL.format(repr(name), "visitor", "said")}'
        assert con.execute(query).fetchall() == expected, name


def test_columns_may_have_any_name(con, words):
    expected = con.execute(CALL.format("plain", "visitor", "said")).fetchall()
    others = ", ".join(f"'{word}?' AS \"{word}\"" for word in words)
    con.execute(f"CREATE TEMP TABLE wide AS SELECT {others}, * FROM plain")
    assert con.execute(CALL.format("wide", "visitor", "said")).fetchall() == expected
    for name in words:
        con.execute(
            "CREATE OR REPLACE TEMP TABLE named AS "
            f'SELECT visitor AS "{name}", said, seen FROM plain'
        )
        assert con.execute(CALL.format("named", name, "said")).fetchall() == expected, name
