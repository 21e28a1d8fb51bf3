"""Many short reviews embedded, and searched, from SQL."""

from __future__ import annotations

from benchmarks.datasets import DATA
from benchmarks.report import Run, Table

TITLE = "embed_reviews, similar_reviews"
PROGRAM = "benchmarks.reviews.from_sql"
FILE = "waimai_reviews.parquet"


def tables(run: Run) -> list[Table]:
    """Measure how time grows with reviews, and a search among 100,000."""
    if not run.wants("generated"):
        return []
    if not (DATA / FILE).exists():
        run.skip("generated", f"no file {FILE}; set ECOMSQL_DATA")
        return []
    embedded = Table("embed_reviews by hash", "short Chinese reviews, 256 numbers each")
    for n in (100_000, 1_000_000):
        embedded.add(f"{n:,} reviews", run.child("embed", str(n), program=PROGRAM))
    searched = Table("similar_reviews", "100,000 reviews embedded before; the ten nearest")
    searched.add("100,000 reviews", run.child("search", "100000", program=PROGRAM))
    return [embedded, searched]
