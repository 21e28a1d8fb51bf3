"""Rows a second of predict from SQL, its memory, and its explanations beside shap's."""

from __future__ import annotations

from benchmarks.datasets import DATA
from benchmarks.report import Run, Table

TITLE = "predict"
PROGRAM = "benchmarks.tables.scoring"
MODELS = {
    "25": "step 0.2",
    "100": "step 0.05",
    "online_shoppers": "online_shoppers",
}
"""Models, by how they are made; LightGBM's row says how many trees each has."""


def tables(run: Run) -> list[Table]:
    """Measure three models, 10 million rows once, and contributions once."""
    if not run.wants("scoring"):
        return []
    speed = Table("predict, rows a second", "18 columns in a Parquet file; LightGBM: a matrix")
    for trees, name in MODELS.items():
        if trees == "online_shoppers" and not (DATA / "online_shoppers.parquet").exists():
            run.skip("scoring of online_shoppers", "no file; set ECOMSQL_DATA")
            continue
        for _ in range(run.repeat):
            for label, how in (("predict in SQL", "sql"), ("LightGBM's own predict", "lightgbm")):
                found = run.child(how, "1", trees, program=PROGRAM)
                speed.add(f"{label}, {name}, 1 million rows", found)
    speed.add("predict in SQL, 10 million rows", run.child("sql", "10", "100", program=PROGRAM))
    same = Table("explain beside shap", "largest difference of a contribution, 500 rows")
    same.add("TreeSHAP", run.child("explain", "0.01", "100", program=PROGRAM))
    return [speed, same]
