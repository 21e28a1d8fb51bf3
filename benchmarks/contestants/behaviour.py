"""ecomsql's predict_purchase, as its users call it."""

from __future__ import annotations

import time

import duckdb

import ecomsql
from benchmarks.datasets import Dataset
from benchmarks.purchases import HORIZON


def run(con: duckdb.DuckDBPyConnection, dataset: Dataset, options: str) -> dict[str, float]:
    """Run ``predict_purchase(train, <options>)``, all in, and the same again."""
    ecomsql.register(con)
    [moment] = con.execute("SELECT cut FROM moment").fetchone() or (None,)
    query = f"""
        FROM predict_purchase(
            train, horizon := INTERVAL {HORIZON} DAY, as_of := TIMESTAMP '{moment}',
            user_col := 'CustomerID', item_col := 'StockCode', time_col := 'InvoiceDate',
            price_col := 'UnitPrice', quantity_col := 'Quantity', {options}
        )
    """
    times = {}
    for name, table in (("total_s", "answers"), ("again_s", "again")):
        begun = time.perf_counter()
        con.execute(f"CREATE TABLE {table} AS {query}")
        times[name] = time.perf_counter() - begun
    return times
