"""Series taken apart by STL: this project, from arrays and from SQL, and statsmodels."""

from __future__ import annotations

from benchmarks.report import Run, Table

TITLE = "decompose_series"
PROGRAM = "benchmarks.decomposition.child"
WORKLOADS = {
    "daily": "500 series of 365 days, season 7",
    "weekly": "200 series of 208 weeks, season 52",
    "one": "1 series of 20,000 values, season 7",
}
CONTESTANTS = {
    "decompose, arrays": "ecomsql_models",
    "decompose_series, SQL": "ecomsql_sql",
    "statsmodels STL, one by one": "statsmodels_library",
}


def tables(run: Run) -> list[Table]:
    """Measure robust and plain decompositions, and how far answers are from statsmodels'."""
    if not run.wants("decompose_series"):
        return []
    found = []
    for workload, what in WORKLOADS.items():
        table = Table(f"{TITLE}: {what}", "difference: the largest from statsmodels, of 20 series")
        for robust in ("robust", "plain"):
            for label, contestant in CONTESTANTS.items():
                table.add(
                    f"{label}, {robust}", run.child(workload, contestant, robust, program=PROGRAM)
                )
        found.append(table)
    return found
