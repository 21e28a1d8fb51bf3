"""Forecasts from SQL of many generated series, and backtests of a real shop's weeks.

``python -m benchmarks.series.from_sql generated METHOD N`` and
``python -m benchmarks.series.from_sql weeks price|quantity -`` print one line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import duckdb

import ecomsql
from benchmarks.datasets import DATA

DAYS = 1_000
MEMORY = "1500MB"
"""Of DuckDB; the rest is this project's."""
ITEMS = 500
"""Those of the shop with the most weeks."""
METHODS = ("naive", "seasonal_naive", "croston", "tsb", "theta", "ets", "arima", "lightgbm", "auto")


def generated(con: duckdb.DuckDBPyConnection, method: str, n: int) -> list[dict[str, float]]:
    """Forecast `n` series of 1,000 days: a week, a level that wanders, noise."""
    con.execute(f"SET memory_limit = '{MEMORY}'")
    con.execute(
        """
        CREATE TABLE sales AS
        SELECT
            s::INTEGER AS item_id,
            DATE '2021-01-01' + t::INTEGER AS ts,
            100 + s % 50 + (10 + s % 7) * sin(2 * pi() * (t + s % 7) / 7) + sin(t / 97.0 + s) * 20
                + (hash(s * 7919 + t) % 1000) / 100 AS price
        FROM range(?) AS _(s), range(?) AS _(t)
        """,
        [n, DAYS],
    )
    begun, before = time.perf_counter(), _cpu_s()
    rows, good = con.execute(
        """
        SELECT count(*), count_if(isfinite(upper - lower))
        FROM forecast_price(sales, method := ?)
        """,
        [method],
    ).fetchall()[0]
    seconds, cpu = time.perf_counter() - begun, _cpu_s() - before
    assert rows == good == 28 * n
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [{"label": method, "total_s": seconds, "cpu_s": cpu, "peak_mb": peak}]


def weeks(con: duckdb.DuckDBPyConnection, measured: str) -> list[dict[str, float]]:
    """Backtest forecasts of the mean price, or the quantity, of each article and week."""
    con.execute(
        f"""
        CREATE TABLE sold AS
        SELECT StockCode, date_trunc('week', InvoiceDate)::DATE AS week, UnitPrice AS price,
            Quantity AS quantity
        FROM '{DATA}/online_retail.parquet'
        WHERE Quantity > 0 AND UnitPrice > 0
        """
    )
    con.execute(
        """
        CREATE TABLE kept AS
        FROM sold WHERE StockCode IN (
            SELECT StockCode FROM sold GROUP BY ALL
            ORDER BY count(DISTINCT week) DESC, StockCode LIMIT ?
        )
        """,
        [ITEMS],
    )
    found = []
    for method in METHODS:
        begun = time.perf_counter()
        figures = dict(
            con.execute(
                """
                SELECT metric, avg(value)
                FROM backtest_forecast(
                    kept, horizon := 4, windows := 3, methods := [?], total := ?, season := 1,
                    frequency := 'week', series_col := 'StockCode', time_col := 'week',
                    value_col := ?
                )
                GROUP BY metric
                """,
                [method, measured == "quantity", measured],
            ).fetchall()
        )
        row = {name: figures[name] for name in ("smape", "mase", "mae")}
        told = {"coverage_90": figures["coverage"], "total_s": time.perf_counter() - begun}
        found.append({"label": method, **row, **told})
    return found


def main() -> None:
    """Run what the command line names."""
    what, argument, n = sys.argv[1:4]
    con = ecomsql.connect()
    found = generated(con, argument, int(n)) if what == "generated" else weeks(con, argument)
    print(json.dumps({"rows": found}))


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
