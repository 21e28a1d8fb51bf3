"""The functions of lifetime value are blind to the names of users' relations and columns."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from test_conformance import MACROS, identifiers, used_by

import ecomsql

FUNCTIONS = {
    "predict_ltv": "FROM predict_ltv('{}', method := 'bgnbd'{})",
    "train_ltv_model": "SELECT model FROM train_ltv_model('{}', method := 'bgnbd'{})",
}
every_function = pytest.mark.parametrize("name", FUNCTIONS)
ROLES = ("user_col", "time_col", "value_col", "quantity_col", "event_col")


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with `ordinary`: orders and a stored model in one."""
    with ecomsql.connect() as connection:
        connection.execute(
            "CREATE TABLE plain AS SELECT u AS user_id, n + u % 3 AS price, 1 + n % 2 AS quantity, "
            "TIMESTAMP '2025-01-01' + INTERVAL 1 DAY * (u + n * u) AS ts, "
            "'purchase' AS event_type FROM range(9) AS _(u), range(5) AS __(n)"
        )
        connection.execute("CREATE TABLE m AS FROM train_ltv_model(plain, method := 'bgnbd')")
        connection.execute(
            "CREATE TABLE ordinary AS SELECT plain.*, model, trained_at FROM plain, m"
        )
        yield connection


def words(name: str) -> list[str]:
    """Return every word inside a function that could be somebody's name for something."""
    parameters = {one for macro in used_by(name) for one in MACROS[macro].arguments}
    inside = {word.lower() for word in identifiers(name)} | parameters
    return sorted(inside - {"user_id", "price", "quantity", "ts", "event_type"})


@every_function
def test_names_of_relations_do_not_matter(name, con):
    given = ", model := '{}'" if name == "predict_ltv" else ""
    expected = con.execute(FUNCTIONS[name].format("ordinary", given.format("ordinary"))).fetchall()
    for relation in words(name):
        con.execute(f'CREATE TEMP TABLE "{relation}" AS FROM ordinary WHERE user_id = 1')
        cte = f'WITH "{relation}" AS (FROM ordinary) '
        call = cte + FUNCTIONS[name].format(relation, given.format(relation))
        assert con.execute(call).fetchall() == expected, relation
        con.execute(f'DROP TABLE "{relation}"')


@every_function
def test_names_of_columns_do_not_matter(name, con):
    expected = con.execute(FUNCTIONS[name].format("plain", "")).fetchall()
    extra = ", ".join(f"'{word}?' AS \"{word}\"" for word in words(name))
    con.execute(f"CREATE OR REPLACE TEMP TABLE wide AS SELECT {extra}, * FROM plain")
    assert con.execute(FUNCTIONS[name].format("wide", "")).fetchall() == expected


@every_function
def test_roles_may_be_named_like_anything_inside(name, con):
    expected = con.execute(FUNCTIONS[name].format("plain", "")).fetchall()
    names = words(name)
    names += names[: -len(names) % 5]
    for at in range(0, len(names), 5):
        roles = [
            word if word not in names[at : at + n] else f"{word}{n}"
            for n, word in enumerate(names[at : at + 5])
        ]
        own = ("user_id", "ts", "price", "quantity", "event_type")
        pairs = ", ".join(f'{a} AS "{b}"' for a, b in zip(own, roles, strict=True))
        con.execute(f"CREATE OR REPLACE TEMP TABLE renamed AS SELECT {pairs} FROM plain")
        given = "".join(f", {a} := '{b}'" for a, b in zip(ROLES, roles, strict=True))
        assert con.execute(FUNCTIONS[name].format("renamed", given)).fetchall() == expected, roles
