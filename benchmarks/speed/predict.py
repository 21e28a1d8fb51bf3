"""Rows a second of predict from SQL, its memory, and its explanations beside shap's."""

from __future__ import annotations

from benchmarks.report import Run, Table

TITLE = "predict"
PROGRAM = "benchmarks.tables.scoring"


def tables(run: Run) -> list[Table]:
    """Measure at two sizes of model, 10 million rows once, and contributions once."""
    if not run.wants("scoring"):
        return []
    speed = Table("predict, rows a second", "18 columns in a Parquet file; LightGBM: a matrix")
    for trees in ("25", "100"):
        for _ in range(run.repeat):
            for label, how in (("predict in SQL", "sql"), ("LightGBM's own predict", "lightgbm")):
                found = run.child(how, "1", trees, program=PROGRAM)
                speed.add(f"{label}, step {5 / float(trees):g}, 1 million rows", found)
    speed.add("predict in SQL, 10 million rows", run.child("sql", "10", "100", program=PROGRAM))
    same = Table("explain beside shap", "largest difference of a contribution, 500 rows")
    same.add("TreeSHAP", run.child("explain", "0.01", "100", program=PROGRAM))
    return [speed, same]
