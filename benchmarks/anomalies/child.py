"""Runs one contestant over series with planted values, in a process of its own.

``python -m benchmarks.anomalies.child DATASET CONTESTANT`` prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from sklearn.metrics import average_precision_score

from benchmarks.anomalies.contestants import CONTESTANTS, THRESHOLD
from benchmarks.anomalies.data import SERIES, Planted


def main() -> None:
    """Score all values, compare with what was planted."""
    name, contestant = sys.argv[1:3]
    data = SERIES[name][0]()
    few = Planted(data.season, data.is_demand, data.series[:2], data.where[:2])
    CONTESTANTS[contestant](few)
    begun = time.perf_counter()
    scores = np.concatenate(CONTESTANTS[contestant](data))
    seconds = time.perf_counter() - begun
    where, told = np.concatenate(data.where), scores > THRESHOLD
    hits = (told & where).sum()
    figures = {
        "precision": float(hits / max(told.sum(), 1)),
        "recall": float(hits / where.sum()),
        "average_precision": float(average_precision_score(where, scores)),
        "total_s": seconds,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
