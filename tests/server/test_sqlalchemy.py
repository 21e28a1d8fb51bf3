"""SQLAlchemy against the server: reflection, tables, pools."""

from __future__ import annotations

from decimal import Decimal

import pytest
from clients import needs
from running_server import PASSWORD, USER

sa = needs("sqlalchemy", "sqlalchemy")
needs("psycopg", "psycopg[binary]")


@pytest.fixture(scope="module")
def engine(server):
    url = sa.URL.create("postgresql+psycopg", USER, PASSWORD, server.host, server.port, "shop")
    made = sa.create_engine(url)
    yield made
    made.dispose()


def test_what_is_there(engine):
    there = sa.inspect(engine)
    assert there.default_schema_name == "main"
    assert sorted(there.get_table_names()) == [
        "buyers",
        "customers",
        "events",
        "m",
        "many",
        "orders",
        "visits",
    ]
    assert there.get_view_names() == ["big_spenders"]
    assert there.has_table("many")
    assert not there.has_table("nope")
    assert there.get_table_comment("customers") == {"text": "who buys"}
    assert "spent > 100" in there.get_view_definition("big_spenders")


def test_columns_and_keys(engine):
    there = sa.inspect(engine)
    columns = {one["name"]: one for one in there.get_columns("customers")}
    assert list(columns) == ["id", "name", "spent", "tags"]
    assert str(columns["spent"]["type"]) == "NUMERIC(10, 2)"
    assert columns["spent"]["default"] == "0"
    assert columns["spent"]["comment"] == "in euros"
    assert not columns["name"]["nullable"]
    assert there.get_pk_constraint("customers")["constrained_columns"] == ["id"]
    [key] = there.get_foreign_keys("orders")
    assert (key["constrained_columns"], key["referred_table"]) == (["customer"], "customers")
    assert [one["column_names"] for one in there.get_unique_constraints("customers")] == [["name"]]
    assert [one["sqltext"] for one in there.get_check_constraints("customers")] == ["spent >= 0"]
    assert [(one["name"], one["unique"]) for one in there.get_indexes("orders")] == [
        ("orders_day", False)
    ]


def test_a_reflected_table_is_written_and_read(engine):
    customers = sa.Table("customers", sa.MetaData(), autoload_with=engine)
    with engine.begin() as con:
        con.execute(
            customers.insert(),
            [{"id": 1, "name": "a", "tags": None}, {"id": 2, "name": "b", "tags": ["x"]}],
        )
        found = con.execute(sa.select(customers).order_by(customers.c.id)).all()
        con.execute(customers.delete())
    assert found == [(1, "a", Decimal("0.00"), None), (2, "b", Decimal("0.00"), ["x"])]


def test_functions_in_text(engine):
    query = sa.text("SELECT rank FROM recommend(events, model := 'm', k := :k) WHERE user_id = 13")
    with engine.connect() as con:
        assert con.execute(query, {"k": 2}).scalars().all() == [1, 2]
        with pytest.raises(sa.exc.ProgrammingError), con.begin_nested():
            con.execute(sa.text("SELECT nope"))
        assert con.execute(sa.text("SELECT 1")).scalar() == 1


def test_many_threads_share_a_pool(engine):
    from concurrent.futures import ThreadPoolExecutor

    def ask(number):
        with engine.connect() as con:
            return con.execute(sa.text("SELECT :n + 1"), {"n": number}).scalar()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(40))) == list(range(1, 41))
