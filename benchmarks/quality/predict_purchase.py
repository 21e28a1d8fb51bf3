"""Who buys next: this project beside recency alone and a logistic regression, in one run."""

from __future__ import annotations

from benchmarks.purchases import PURCHASES
from benchmarks.report import Run, Table

TITLE = "predict_purchase"

CONTESTANTS = {
    "recency alone": ("recency_and_money", "recency"),
    "scikit-learn, RFM": ("recency_and_money", "logistic"),
    "scikit-learn, log RFM": ("recency_and_money", "log logistic"),
    "linear": ("behaviour", "method := 'linear'"),
    "lightgbm": ("behaviour", "method := 'lightgbm'"),
    "auto": ("behaviour", "method := 'auto'"),
}


def tables(run: Run) -> list[Table]:
    """Measure every contestant as of every point."""
    found = []
    for name, dataset in PURCHASES.items():
        if not run.wants(name):
            continue
        if dataset.missing:
            run.skip(name, f"no file {', '.join(dataset.missing)}; set ECOMSQL_DATA")
            continue
        table = Table(f"{TITLE} on {name}", dataset.published)
        for label, (contestant, argument) in CONTESTANTS.items():
            table.add(label, run.child(name, contestant, argument))
        found.append(table)
    return found
