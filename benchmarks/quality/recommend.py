"""Recommenders on real data: this project, its peers, and popularity, in one run."""

from __future__ import annotations

from benchmarks.datasets import DATASETS
from benchmarks.report import Run, Table

TITLE = "recommend"

OURS = {
    "popular": "method := 'popular'",
    "item_knn": "method := 'item_knn'",
    "item_knn, no recency": "method := 'item_knn', recency := 1.0",
    "user_knn": "method := 'user_knn'",
    "als": "method := 'als', factors := 128, iterations := 15",
    "als, no recency": "method := 'als', factors := 128, iterations := 15, recency := 1.0",
    "nmf": "method := 'nmf'",
    "ease": "method := 'ease'",
    "gfcf": "method := 'gfcf'",
    "auto": "method := 'auto'",
}
NOT_ON = {
    # Without times, recency changes nothing; ease takes 6.7 GB and many minutes there.
    "gowalla": {"ease", "item_knn, no recency", "als, no recency", "nmf", "scikit-learn NMF"},
    "online_retail": {"scikit-learn NMF"},
}
REPEATED = {"item_knn", "als", "implicit BM25", "implicit ALS"}
"""Compared in time: run in turn, several times."""
PEERS = {
    "implicit BM25": ("implicit_library", "bm25"),
    "implicit ALS": ("implicit_library", "als"),
    "scikit-learn NMF": ("scikit_learn", "60"),
}


def tables(run: Run) -> list[Table]:
    """Measure every contestant on every data set; time is the median of `run.repeat` runs."""
    found = []
    for name, dataset in DATASETS.items():
        if not run.wants(name):
            continue
        if dataset.missing:
            run.skip(name, f"no file {', '.join(dataset.missing)}; set ECOMSQL_DATA")
            continue
        table = Table(f"{TITLE} on {name}", f"k = {dataset.k}. {dataset.published}")
        contestants = {label: ("sql", options) for label, options in OURS.items()} | PEERS
        for turn in range(run.repeat):
            for label, (contestant, argument) in contestants.items():
                if label in NOT_ON.get(name, ()) or (turn and label not in REPEATED):
                    continue
                table.add(label, run.child(name, contestant, argument))
        found.append(table)
    return found
