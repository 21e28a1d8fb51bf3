"""Planted values found: this project, statsmodels' STL, and one threshold for a whole series."""

from __future__ import annotations

from benchmarks.anomalies.data import SERIES
from benchmarks.datasets import DATA
from benchmarks.report import Run, Table

TITLE = "detect_anomalies"
PROGRAM = "benchmarks.anomalies.child"
CONTESTANTS = {
    "3.29 standard deviations from the mean": "global_z",
    "3.29 robust ones from the median": "global_median",
    "statsmodels STL, robust, median distance": "statsmodels_stl",
    "stl": "stl",
    "theta, one step ahead": "theta",
    "ets, one step ahead": "ets",
}


def tables(run: Run) -> list[Table]:
    """Measure precision and recall at the level 0.999, and average precision at all."""
    found = []
    for name, (_, files, what) in SERIES.items():
        if not run.wants(name):
            continue
        missing = [one for one in files if not (DATA / one).exists()]
        if missing:
            run.skip(name, f"no file {', '.join(missing)}; set ECOMSQL_DATA")
            continue
        table = Table(f"{TITLE} on {name}", f"{what}; 2 % of the values moved by 4 to 8 sd")
        for label, contestant in CONTESTANTS.items():
            table.add(label, run.child(name, contestant, program=PROGRAM))
        found.append(table)
    return found
