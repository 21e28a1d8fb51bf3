"""Runs one contestant over the folds of a table, in a process of its own.

``python -m benchmarks.tables.child FILE LABEL CONTESTANT ARGUMENT`` prints one line of JSON: means
over the folds.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys

import duckdb
import numpy as np
from sklearn.metrics import accuracy_score, average_precision_score, log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold

from benchmarks.datasets import DATA

FOLDS = 5


def main() -> None:
    """Cut, learn, score and measure, fold by fold."""
    file, label, contestant, argument = sys.argv[1:5]
    module = importlib.import_module(f"benchmarks.tables.{contestant}")
    con = duckdb.connect()
    con.execute("SET threads = 2")
    con.execute(
        f"CREATE TABLE all_rows AS SELECT row_number() OVER () - 1 AS row, * FROM '{DATA / file}'"
    )
    labels = con.execute(f"SELECT {label} FROM all_rows ORDER BY row").fetchnumpy()[label]
    labels = np.asarray(labels).astype(bool)
    dealt = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    found: list[dict[str, float]] = []
    for _, held in dealt.split(labels, labels):
        fold = duckdb.connect()
        fold.execute("SET threads = 2")
        rows = con.sql("FROM all_rows").to_arrow_table()  # noqa: F841 (DuckDB reads it by its name)
        held_rows = held.tolist()
        for name, sign in (("train", "NOT"), ("test", "")):
            fold.execute(
                f"CREATE TABLE {name} AS SELECT * EXCLUDE (row) FROM rows "
                f"WHERE {sign} row IN (SELECT unnest(?))",
                [held_rows],
            )
        seconds = module.run(fold, label, argument)
        scored = fold.execute("FROM scored").fetchnumpy()
        truth, chance = (np.asarray(scored[name]) for name in ("label", "probability"))
        found.append({**seconds, **_figures(truth.astype(bool), chance.astype(float))})
    means = {name: float(np.mean([one[name] for one in found])) for name in found[0]}
    print(json.dumps({**means, "peak_mb": _peak_mb()}))


def _figures(truth: np.ndarray, chance: np.ndarray) -> dict[str, float]:
    return {
        "auc": roc_auc_score(truth, chance),
        "average_precision": average_precision_score(truth, chance),
        "accuracy": accuracy_score(truth, chance >= 0.5),
        "log_loss": log_loss(truth, np.clip(chance, 1e-15, 1 - 1e-15)),
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
