"""Who buys next: this project beside recency alone and a logistic regression, in one run."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.paired import auc_gain
from benchmarks.purchases import PURCHASES
from benchmarks.report import Run, Table

TITLE = "predict_purchase"

CONTESTANTS = {
    "recency alone": ("recency_and_money", "recency"),
    "scikit-learn, RFM": ("recency_and_money", "logistic"),
    "scikit-learn, log RFM": ("recency_and_money", "log logistic"),
    "linear": ("behaviour", "method := 'linear'"),
    "lightgbm": ("behaviour", "method := 'lightgbm'"),
    "gru": ("behaviour", "method := 'gru'"),
    "attention": ("behaviour", "method := 'attention'"),
    "auto": ("behaviour", "method := 'auto'"),
}
PEER = "scikit-learn, RFM"
"""What gains are over, the users being drawn again and again."""


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
        with tempfile.TemporaryDirectory() as folder:
            _compare(run, name, table, Path(folder))
        found.append(table)
    return found


def _compare(run: Run, name: str, table: Table, folder: Path) -> None:
    """Run every contestant, and set what it answers against what the peer does."""
    files = {label: folder / f"{at}.parquet" for at, label in enumerate(CONTESTANTS)}
    figures = {
        label: run.child(name, *words, str(files[label])) for label, words in CONTESTANTS.items()
    }
    for label, own in figures.items():
        if label != PEER and files[label].exists() and files[PEER].exists():
            own |= auc_gain(files[label], files[PEER])
        table.add(label, own)
