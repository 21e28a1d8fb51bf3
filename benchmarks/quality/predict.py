"""Predicting a column: this project and its peers, stratified folds, in one run."""

from __future__ import annotations

from benchmarks.datasets import DATA
from benchmarks.report import Run, Table

TITLE = "predict"
FILES = {
    "online_shoppers": (
        "online_shoppers.parquet",
        "Revenue",
        "LightGBM .9325/.749/.903 with early stopping; XGBoost .937/.754 (PMC10121810)",
    ),
}
CONTESTANTS = {
    "naive: the share": ("peers", "naive"),
    "linear": ("ecomsql_sql", "method := 'linear'"),
    "mlp": ("ecomsql_sql", "method := 'mlp'"),
    "lightgbm": ("ecomsql_sql", "method := 'lightgbm'"),
    "auto": ("ecomsql_sql", "method := 'auto'"),
    "LightGBM, 100 trees": ("peers", "lightgbm"),
    "scikit-learn HistGradientBoosting": ("peers", "histogram_boosting"),
    "lightgbm, tune": ("ecomsql_sql", "method := 'lightgbm', tune := true"),
}


def tables(run: Run) -> list[Table]:
    """Measure every contestant over five folds; figures are means over the folds."""
    found = []
    for name, (file, label, published) in FILES.items():
        if not run.wants(name):
            continue
        if not (DATA / file).exists():
            run.skip(name, f"no file {file}; set ECOMSQL_DATA")
            continue
        table = Table(f"{TITLE} {label} on {name}", f"5 folds, seconds a fold. {published}")
        for contestant, (module, argument) in CONTESTANTS.items():
            table.add(
                contestant,
                run.child(file, label, module, argument, program="benchmarks.tables.child"),
            )
        found.append(table)
    return found
