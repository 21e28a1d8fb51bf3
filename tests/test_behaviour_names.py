"""The functions that predict behaviour are blind to the names of users, and train once."""

from __future__ import annotations

import pytest
from test_conformance import identifiers, relation_names

import ecomsql
from ecomsql.models import behaviour_fitting

ORDERS = """
    CREATE TABLE ordinary AS
    SELECT u AS user_id, (u + d) % 7 AS item_id, d * 86400 + u AS ts, 5.0 + u AS price,
        1 + u % 2 AS quantity, 'purchase' AS event_type
    FROM range(12) AS _(u), range(40) AS __(d) WHERE (u + d) % (2 + u % 5) = 0
"""
NAMES = ["predict_purchase", "predict_churn", "train_purchase_model", "train_churn_model"]
every_function = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def everything():
    with ecomsql.connect() as con:
        con.execute(ORDERS)
        yield con


def answer(con, name: str, relation: str, roles: str = "") -> list:
    option = "inactivity" if "churn" in name else "horizon"
    what = "method, rows, metrics" if name.startswith("train") else "*"
    call = f"{name}('{relation}', {option} := INTERVAL 5 DAY, method := 'linear'{roles})"
    return con.execute(f"SELECT {what} FROM {call}").fetchall()


@every_function
def test_names_of_relations_do_not_matter(name, everything):
    expected = answer(everything, name, "ordinary")
    assert expected
    for relation in {*relation_names(name), *relation_names("recommend"), "_events", "_picked"}:
        everything.execute(f'CREATE TEMP TABLE "{relation}" AS FROM ordinary')
        assert answer(everything, name, relation) == expected, relation
        everything.execute(f'DROP TABLE "{relation}"')


@every_function
def test_names_of_columns_do_not_matter(name, everything):
    expected = answer(everything, name, "ordinary")
    own = ("user_id", "item_id", "ts", "event_type", "price", "quantity")
    words = [word for word in dict.fromkeys(map(str.lower, identifiers(name))) if word not in own]
    columns = ", ".join(f"'?' AS \"{word}\"" for word in words)
    everything.execute(f"CREATE OR REPLACE TEMP TABLE wide AS SELECT {columns}, * FROM ordinary")
    assert answer(everything, name, "wide") == expected


@every_function
def test_roles_may_be_named_like_anything_inside(name, everything):
    expected = answer(everything, name, "ordinary")
    own = ("user_id", "item_id", "ts", "event_type", "price", "quantity")
    roles = ("user_col", "item_col", "time_col", "event_col", "price_col", "quantity_col")
    words = list(dict.fromkeys(map(str.lower, identifiers(name))))
    words += words[: -len(words) % len(own)]
    for at in range(0, len(words), len(own)):
        named = words[at : at + len(own)]
        named = (
            named if len(set(named)) == len(own) else [f"{one}{n}" for n, one in enumerate(named)]
        )
        columns = ", ".join(f'{a} AS "{b}"' for a, b in zip(own, named, strict=True))
        everything.execute(
            f"CREATE OR REPLACE TEMP TABLE renamed AS SELECT {columns} FROM ordinary"
        )
        given = "".join(f", {role} := '{b}'" for role, b in zip(roles, named, strict=True))
        assert answer(everything, name, "renamed", given) == expected, named


def test_the_same_call_trains_once(everything, monkeypatch):
    real, calls = behaviour_fitting.fit_behaviour, []

    def counted(*arguments, **options):
        calls.append(options["seed"])
        return real(*arguments, **options)

    monkeypatch.setattr(behaviour_fitting, "fit_behaviour", counted)
    query = (
        "FROM predict_purchase({}, horizon := INTERVAL 6 DAY, method := 'linear', seed := {}, "
        "threshold := {})"
    )
    everything.execute("CREATE TEMP TABLE again AS FROM ordinary ORDER BY hash(ts)")
    for relation, seed, threshold in [
        ("ordinary", 7, 0.5),
        ("ordinary", 7, 0.5),
        ("ordinary", 7, 0.1),
        ("again", 7, 0.5),
        ("ordinary", 8, 0.5),
    ]:
        everything.execute(query.format(relation, seed, threshold)).fetchall()
    assert calls == [7, 8]
