"""Weekly mean prices and quantities of a real shop's articles, backtested from SQL."""

from __future__ import annotations

from benchmarks.datasets import DATA
from benchmarks.report import Run, Table

TITLE = "backtest_forecast"
PROGRAM = "benchmarks.series.from_sql"


def tables(run: Run) -> list[Table]:
    """Measure every method in the last three windows of four weeks; naive rows among them."""
    if not run.wants("online_retail"):
        return []
    if not (DATA / "online_retail.parquet").exists():
        run.skip("weeks of online_retail", "no file online_retail.parquet; set ECOMSQL_DATA")
        return []
    found = []
    for measured in ("price", "quantity"):
        note = "500 articles with the most weeks, 4 weeks ahead, 3 windows; means over articles"
        table = Table(f"{TITLE}, weekly {measured} of online_retail", note)
        told = run.child("weeks", measured, "-", program=PROGRAM)
        for row in told.get("rows", [{"label": measured, **told}]):
            table.add(row.pop("label"), row)
        found.append(table)
    return found
