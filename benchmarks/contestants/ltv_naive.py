"""Lifetime values without a model: customers go on as before, or never come back."""

from __future__ import annotations

import time

import duckdb

from benchmarks.customers import Customers

RATES = {
    "rate": "(count(DISTINCT ts) - 1) * {days} / nullif(DATE '{cut}' - min(ts), 0)",
    "zero": "0",
}


def run(con: duckdb.DuckDBPyConnection, dataset: Customers, argument: str) -> dict[str, float]:
    """Go on with the repeat purchases a day so far ('rate'), or with none ('zero')."""
    rate = RATES[argument].format(days=dataset.days, cut=dataset.cut)
    begun = time.perf_counter()
    con.execute(f"""
        CREATE TABLE told AS
        SELECT
            user_id,
            coalesce({rate}, 0) AS orders,
            coalesce({rate}, 0) * sum(amount) / count(DISTINCT ts) AS value
        FROM orders GROUP BY ALL
    """)
    return {"total_s": time.perf_counter() - begun}
