"""One user's list, asked again and again of a stored model."""

from __future__ import annotations

from benchmarks.datasets import DATA
from benchmarks.report import Run, Table

PROGRAM = "benchmarks.one_user"
CONTESTANTS = {
    "recommend, the user's events": "filtered",
    "the same, a prepared statement": "prepared",
    "recommend, all events and users := 'asked'": "users",
    "popular items, plain SQL": "popular",
    "the model alone, arrays": "arrays",
    "implicit BM25 from Python": "implicit",
}


def tables(run: Run) -> list[Table]:
    """Measure 200 calls of each, about another user each time."""
    if not run.wants("one_user"):
        return []
    if not (DATA / "beauty_events.parquet").exists():
        run.skip("one_user", "beauty_events.parquet is not there; set ECOMSQL_DATA")
        return []
    table = Table("recommend for one user, a stored model", "beauty, item_knn; a call, medians")
    for _ in range(run.repeat):
        for label, how in CONTESTANTS.items():
            table.add(label, run.child(how, program=PROGRAM))
    return [table]
