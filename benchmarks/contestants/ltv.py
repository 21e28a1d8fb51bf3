"""ecomsql's lifetime values, as its users ask for them: one SQL query over a table."""

from __future__ import annotations

import time

import duckdb

import ecomsql
from benchmarks.customers import Customers


def run(con: duckdb.DuckDBPyConnection, dataset: Customers, method: str) -> dict[str, float]:
    """Run ``predict_ltv(orders, method := <method>)``, trained and scored."""
    ecomsql.register(con)
    con.execute("""
        WITH few AS (
            SELECT i % 7 AS user_id, TIMESTAMP '2025-01-01' + INTERVAL 1 DAY * i AS ts, i AS price
            FROM range(35) AS t (i)
        )
        FROM predict_ltv(few, method := 'bgnbd')
    """).fetchall()
    query = f"""
        SELECT user_id, expected_orders AS orders, expected_value AS value
        FROM predict_ltv(
            orders,
            INTERVAL {dataset.days} DAY,
            '{method}',
            as_of := DATE '{dataset.cut}',
            value_col := 'amount'
        )
    """
    begun = time.perf_counter()
    con.execute(f"CREATE TABLE told AS {query}")
    total = time.perf_counter() - begun
    begun = time.perf_counter()
    con.execute(f"CREATE TABLE again AS {query}")
    return {"total_s": total, "again_s": time.perf_counter() - begun}
