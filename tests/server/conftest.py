"""A server for the tests of one file."""

from __future__ import annotations

import pytest
from running_server import serving

import ecomsql

SHOP = """
CREATE TABLE events AS
SELECT (i * 7919 % 101)::INTEGER AS user_id, (i * i % 37)::INTEGER AS item_id,
       TIMESTAMP '2026-01-01' + INTERVAL (i) MINUTE AS ts
FROM range(2000) AS r (i);
CREATE TABLE m AS FROM train_recommender(events, method := 'item_knn');
CREATE TABLE visits AS
SELECT i % 7 AS pages, i % 3 AS source, i % 7 > 3 AS bought FROM range(200) AS r (i);
CREATE TABLE buyers AS FROM train_classifier(visits, 'bought', method := 'linear');
CREATE TABLE customers (
    id INTEGER PRIMARY KEY, name VARCHAR NOT NULL UNIQUE,
    spent DECIMAL(10,2) DEFAULT 0 CHECK (spent >= 0), tags VARCHAR[]
);
COMMENT ON TABLE customers IS 'who buys';
COMMENT ON COLUMN customers.spent IS 'in euros';
CREATE TABLE orders (
    number INTEGER PRIMARY KEY, customer INTEGER REFERENCES customers (id), day DATE
);
CREATE INDEX orders_day ON orders (day);
CREATE VIEW big_spenders AS SELECT id, spent FROM customers WHERE spent > 100;
CREATE TABLE many AS
SELECT i::INTEGER AS id, i * 1.5::DOUBLE AS price, 'item ' || i AS name,
       TIMESTAMP '2026-01-01' + INTERVAL (i) SECOND AS ts, (i % 7)::DECIMAL(10,2) AS amount
FROM range(100000) AS r (i);
"""


@pytest.fixture(scope="session")
def shop_file(tmp_path_factory):
    """A database with tables, keys, a view and a model; nobody writes to it."""
    path = tmp_path_factory.mktemp("shop") / "shop.duckdb"
    con = ecomsql.connect(path)
    con.execute(SHOP)
    con.close()
    return path


@pytest.fixture(scope="module")
def shop(tmp_path_factory, shop_file):
    """A copy of the database, to write to."""
    path = tmp_path_factory.mktemp("copy") / "shop.duckdb"
    path.write_bytes(shop_file.read_bytes())
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory, shop):
    """A server on the copy."""
    with serving(tmp_path_factory.mktemp("server"), database=shop) as running:
        yield running


@pytest.fixture
def in_memory():
    """A connection with the functions."""
    con = ecomsql.connect()
    yield con
    con.close()
