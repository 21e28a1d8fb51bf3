"""The functions of prices are blind to the names of users' relations and columns."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from test_conformance import MACROS, identifiers, used_by

import ecomsql

FUNCTIONS = {
    "price_elasticity": "FROM price_elasticity('{}'{})",
    "optimize_price": "FROM optimize_price('{}', unit_cost := 2, method := 'loglinear'{})",
}
every_function = pytest.mark.parametrize("name", FUNCTIONS)
ROLES = ("item_col", "price_col", "quantity_col", "time_col", "category_col", "controls")
OWN = ("item_id", "price", "quantity", "ts", "kind", "promotion")
GIVEN = ", category_col := 'kind', controls := 'promotion', season := true, time_col := 'ts'"


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with `plain`: items with prices, quantities and all else there can be."""
    with ecomsql.connect() as connection:
        connection.execute(
            "CREATE TABLE plain AS SELECT i AS item_id, 3.0 + (d * 7 + i) % 5 AS price, "
            "20 - 2 * ((d * 7 + i) % 5) + d % 3 AS quantity, DATE '2024-01-01' + d::INTEGER AS ts, "
            "['a', 'b'][1 + i % 2] AS kind, d % 4 = 0 AS promotion "
            "FROM range(7) AS _(i), range(60) AS __(d)"
        )
        yield connection


def words(name: str) -> list[str]:
    """Return every word inside a function that could be somebody's name for something."""
    parameters = {one for macro in used_by(name) for one in MACROS[macro].arguments}
    inside = {word.lower() for word in identifiers(name)} | parameters
    return sorted(inside - set(OWN))


@every_function
def test_names_of_relations_do_not_matter(name, con):
    expected = con.execute(FUNCTIONS[name].format("plain", GIVEN)).fetchall()
    for relation in words(name):
        con.execute(f'CREATE TEMP TABLE "{relation}" AS FROM plain WHERE item_id = 1')
        call = f'WITH "{relation}" AS (FROM plain) ' + FUNCTIONS[name].format(relation, GIVEN)
        assert con.execute(call).fetchall() == expected, relation
        con.execute(f'DROP TABLE "{relation}"')


@every_function
def test_names_of_columns_do_not_matter(name, con):
    expected = con.execute(FUNCTIONS[name].format("plain", GIVEN)).fetchall()
    extra = ", ".join(f"'{word}?' AS \"{word}\"" for word in words(name))
    con.execute(f"CREATE OR REPLACE TEMP TABLE wide AS SELECT {extra}, * FROM plain")
    assert con.execute(FUNCTIONS[name].format("wide", GIVEN)).fetchall() == expected


@every_function
def test_roles_may_be_named_like_anything_inside(name, con):
    expected = con.execute(FUNCTIONS[name].format("plain", GIVEN)).fetchall()
    names = words(name)
    names += [f"{word}2" for word in names[: -len(names) % len(ROLES)]]
    for at in range(0, len(names), len(ROLES)):
        roles = names[at : at + len(ROLES)]
        pairs = ", ".join(f'{a} AS "{b}"' for a, b in zip(OWN, roles, strict=True))
        con.execute(f"CREATE OR REPLACE TEMP TABLE renamed AS SELECT {pairs} FROM plain")
        given = "".join(f", {a} := '{b}'" for a, b in zip(ROLES, roles, strict=True))
        call = FUNCTIONS[name].format("renamed", given + ", season := true")
        assert con.execute(call).fetchall() == expected, roles
