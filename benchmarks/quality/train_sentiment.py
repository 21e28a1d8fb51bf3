"""Good and bad reviews told apart after learning from labels: this project and scikit-learn."""

from __future__ import annotations

from benchmarks.datasets import DATA
from benchmarks.report import Run, Table
from benchmarks.reviews.data import REVIEWS

TITLE = "train_sentiment"
PROGRAM = "benchmarks.reviews.learned"
CONTESTANTS = {
    "what most are": "naive",
    "scikit-learn naive Bayes": "sklearn_bayes",
    "scikit-learn TF-IDF and logistic regression": "sklearn_logistic",
    "linear": "linear",
    "bayes": "bayes",
    "network": "network",
    "auto": "auto",
}


def tables(run: Run) -> list[Table]:
    """Measure every contestant on the test part of each data set."""
    found = []
    for name, (_, files, what) in REVIEWS.items():
        if not run.wants(name):
            continue
        missing = [one for one in files if not (DATA / one).exists()]
        if missing:
            run.skip(name, f"no file {', '.join(missing)}; set ECOMSQL_DATA")
            continue
        table = Table(f"{TITLE} on {name}", f"{what}; learned from 80 %, measured on 20 %")
        for label, contestant in CONTESTANTS.items():
            table.add(label, run.child(name, contestant, program=PROGRAM))
        found.append(table)
    return found
