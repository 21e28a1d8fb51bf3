"""What the servers serve: a million rows, and a model of a real shop."""

from __future__ import annotations

from pathlib import Path

import psycopg

import ecomsql
from benchmarks.datasets import DATA

ROWS = 1_000_000

MANY = """
    SELECT i::INTEGER AS id, i * 1.5::DOUBLE AS price, 'item ' || i AS name,
           TIMESTAMP '2026-01-01' + INTERVAL (i) SECOND AS ts, (i % 7)::DECIMAL(10,2) AS amount
    FROM range(1000000) AS r (i)
"""

MANY_IN_POSTGRESQL = """
    CREATE TABLE many AS
    SELECT i::INTEGER AS id, (i * 1.5)::DOUBLE PRECISION AS price, 'item ' || i AS name,
           TIMESTAMP '2026-01-01' + i * INTERVAL '1 second' AS ts, (i % 7)::DECIMAL(10,2) AS amount
    FROM generate_series(0, 999999) AS r (i)
"""


def make_many(path: Path) -> None:
    """Write the million rows."""
    with ecomsql.connect(path) as con:
        con.execute(f"CREATE TABLE many AS {MANY}")


def make_shop(path: Path) -> None:
    """Write the events of the shop, a model of them, and its answers for everyone."""
    with ecomsql.connect(path) as con:
        con.execute(f"""
            CREATE TABLE events AS
            SELECT user_id, item_id, position AS ts FROM '{DATA}/beauty_events.parquet'
            ORDER BY user_id
        """)
        con.execute("CREATE TABLE m AS FROM train_recommender(events, method := 'item_knn')")
        con.execute("CREATE TABLE answers AS FROM recommend(events, model := 'm', k := 10)")


def users(path: Path) -> list[int]:
    """Return a thousand users of the shop."""
    with ecomsql.connect(path, read_only=True) as con:
        rows = con.execute("SELECT DISTINCT user_id FROM events ORDER BY hash(user_id) LIMIT 1000")
        return [row[0] for row in rows.fetchall()]


def copy_answers(path: Path, dsn: str) -> None:
    """Put the answers for everyone into a PostgreSQL, with an index."""
    with ecomsql.connect(path, read_only=True) as con:
        rows = con.execute("FROM answers").fetchall()
    with psycopg.connect(dsn) as there:
        there.execute("CREATE TABLE answers (user_id INT, rank INT, item_id INT, score FLOAT)")
        with there.cursor().copy("COPY answers FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        there.execute("CREATE INDEX ON answers (user_id)")
