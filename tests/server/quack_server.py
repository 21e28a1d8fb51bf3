"""A process that serves a small shop over Quack until its input ends.

``python quack_server.py DATABASE ADDRESS``, with the token in ECOMSQL_PASSWORD. A line on stdin is
SQL to run on the server's own connection; the answer is a line of JSON.
"""

from __future__ import annotations

import json
import os
import sys

import duckdb

import ecomsql
from ecomsql.server import quack
from ecomsql.server.addresses import parse_address
from ecomsql.server.quack_address import uri

SHOP = """
CREATE TABLE events AS
    SELECT u AS user_id, i AS item_id, DATE '2026-01-01' + i::INTEGER AS ts
    FROM range(12) AS _(u), range(12) AS __(i) WHERE u % 2 = i % 2 AND u <> i;
CREATE TABLE prices AS
    SELECT i AS item_id, DATE '2026-01-01' + d::INTEGER AS ts, 10.0 + i + d % 7 AS price
    FROM range(2) AS _(i), range(42) AS __(d);
CREATE TABLE "it's; DROP TABLE events; -- $$" AS FROM events;
CREATE TABLE reviews AS
    FROM (VALUES (1, 'good shoes'), (2, 'bad shoes'), (3, 'good soap')) AS _(review_id, text);
"""


def main() -> None:
    """Serve."""
    database, address = sys.argv[1:]
    con = ecomsql.connect(database)
    con.execute(SHOP)
    con.execute("CREATE TABLE m AS FROM train_recommender(events, method := 'popular')")
    con.execute("CREATE TABLE e AS FROM train_embedder(reviews, dims := 4, method := 'hash')")
    where = quack.start(con, parse_address(address), token=os.environ["ECOMSQL_PASSWORD"])
    _say(uri(where))
    for line in sys.stdin:
        try:
            _say(con.execute(line).fetchall())
        except duckdb.Error as error:
            _say(str(error))
    quack.stop(con, where)
    con.close()


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer, default=str) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
