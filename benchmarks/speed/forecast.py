"""Forecasts of thousands of series from SQL: seconds and memory, and how they grow."""

from __future__ import annotations

from benchmarks.report import Run, Table

TITLE = "forecast_price"
PROGRAM = "benchmarks.series.from_sql"
CALLS = (("naive", 10_000), ("ets", 1_000), ("ets", 5_000), ("ets", 10_000), ("theta", 10_000))


def tables(run: Run) -> list[Table]:
    """Forecast series of 1,000 days, 28 ahead."""
    if not run.wants("many_series"):
        return []
    note = "series of 1,000 days, 28 ahead, intervals calibrated; DuckDB's memory_limit 1500MB"
    table = Table(f"{TITLE}, many series", note)
    for method, n in CALLS:
        for _ in range(run.repeat):
            told = run.child("generated", method, str(n), program=PROGRAM)
            [row] = told.get("rows", [told])
            row.pop("label", None)
            table.add(f"{method}, {n:,} series", row)
    return [table]
