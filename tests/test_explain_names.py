"""Explaining behaviour and value is blind to the names of users' relations and columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb
import pytest
from test_conformance import MACROS, identifiers, used_by

import ecomsql

TRAINED = {
    "users": "train_purchase_model(plain, horizon := INTERVAL 5 DAY, method := 'linear')",
    "pairs": "train_purchase_model(plain, horizon := INTERVAL 5 DAY, method := 'linear', "
    "per := 'user_item')",
    "worths": "train_ltv_model(plain, horizon := INTERVAL 5 DAY, method := 'bgnbd')",
}
OWN = {
    "users": ("user_id", "item_id", "ts", "event_type", "price", "quantity"),
    "pairs": ("user_id", "item_id", "ts", "event_type", "price", "quantity"),
    "worths": ("user_id", "ts", "event_type", "price", "quantity"),
}
every_model = pytest.mark.parametrize("model", TRAINED)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with `plain`, events, and a committed model of each kind."""
    with ecomsql.connect() as connection:
        connection.execute(
            "CREATE TABLE plain AS SELECT u AS user_id, (u + d) % 7 AS item_id, "
            "TIMESTAMP '2025-01-01' + INTERVAL 1 HOUR * (24 * d + u) AS ts, 5.0 + u AS price, "
            "1 + u % 2 AS quantity, ['cart', 'purchase'][1 + (u * d) % 2] AS event_type "
            "FROM range(12) AS _(u), range(40) AS __(d) WHERE (u + d) % (2 + u % 5) = 0"
        )
        for name, call in TRAINED.items():
            connection.execute(f"CREATE TABLE {name} AS FROM {call}")
        yield connection


def explained(con, relation: str, model: str, roles: str = "") -> list:
    return con.execute(f"FROM explain('{relation}', model := '{model}'{roles})").fetchall()


def relations() -> list[str]:
    """Return what could stand for a relation inside: CTEs, aliases and parameters."""
    named = r"\b(\w+) AS (?:NOT )?(?:MATERIALIZED )?\(|\) AS (\w+)|(?:FROM|JOIN) \w+ AS (\w+)"
    macros = used_by("explain")
    found = {
        word
        for macro in macros
        for words in re.findall(named, MACROS[macro].statement)
        for word in words
    }
    found |= {one for macro in macros for one in MACROS[macro].arguments}
    return sorted(one for one in found if one and not one.startswith("_ecomsql_"))


@every_model
def test_names_of_relations_do_not_matter(con, model):
    expected = explained(con, "plain", model)
    assert len(expected) > 20
    assert len(relations()) > 30
    for name in relations():
        con.execute(f'CREATE TEMP TABLE "{name}" AS FROM plain WHERE user_id = 1')
        cte = f'WITH "{name}" AS (FROM plain) '
        found = con.execute(f"{cte} FROM explain('{name}', model := '{model}')").fetchall()
        con.execute(f'DROP TABLE "{name}"')
        assert found == expected, name


@every_model
def test_names_of_models_do_not_matter(con, model):
    expected = explained(con, "plain", model)
    task = "ltv" if model == "worths" else "purchase"
    per = "user_item" if model == "pairs" else "user"
    for name in relations():
        cte = f'WITH "{name}" AS (FROM {model}) '
        call = f"FROM explain('plain', model := '{name}', task := '{task}', per := '{per}')"
        assert con.execute(cte + call).fetchall() == expected, name


@every_model
def test_names_of_columns_do_not_matter(con, model):
    expected = explained(con, "plain", model)
    words = {word.lower() for word in identifiers("explain")} - set(OWN["users"])
    columns = ", ".join(f"'{word}?' AS \"{word}\"" for word in sorted(words))
    con.execute(f"CREATE OR REPLACE TEMP TABLE wide AS SELECT {columns}, * FROM plain")
    assert explained(con, "wide", model) == expected


@every_model
def test_roles_may_be_named_like_anything_inside(con, model):
    expected = explained(con, "plain", model)
    own = OWN[model]
    words = list(dict.fromkeys(word.lower() for word in identifiers("explain")))
    words += words[: -len(words) % len(own)]
    money = "value_col" if model == "worths" else "price_col"
    roles = {"user_id": "user_col", "item_id": "item_col", "ts": "time_col", "price": money}
    for at in range(0, len(words), len(own)):
        named = words[at : at + len(own)]
        if len(set(named)) < len(own):
            named = [f"{one}{n}" for n, one in enumerate(named)]
        columns = ", ".join(f'{a} AS "{b}"' for a, b in zip(own, named, strict=True))
        con.execute(f"CREATE OR REPLACE TEMP TABLE renamed AS SELECT {columns} FROM plain")
        given = "".join(
            f", {roles.get(a, a.replace('_type', '') + '_col')} := '{b}'"
            for a, b in zip(own, named, strict=True)
        )
        assert explained(con, "renamed", model, given) == expected, named
