"""Runs one contestant over reviews, in a process of its own, so that its peak memory is its own.

``python -m benchmarks.reviews.child DATASET CONTESTANT [train]`` prints one line of JSON: of the
test part, or of the part to learn from.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from sklearn.metrics import roc_auc_score

from benchmarks.reviews.contestants import CONTESTANTS
from benchmarks.reviews.data import REVIEWS


def main() -> None:
    """Load, warm up on a few reviews, score, measure."""
    name, contestant, *part = sys.argv[1:]
    texts, good = REVIEWS[name][0]().part(test=part != ["train"])
    score = CONTESTANTS[contestant]
    score(texts[:3])
    begun = time.perf_counter()
    scores = score(texts)
    seconds = time.perf_counter() - begun
    of_good, of_bad = float((scores[good] > 0.0).mean()), float((scores[~good] <= 0.0).mean())
    figures = {
        "balanced_accuracy": (of_good + of_bad) / 2,
        "auc": float(roc_auc_score(good, scores)),
        "recall_good": of_good,
        "recall_bad": of_bad,
        "rows_a_second": len(texts) / seconds,
        "total_s": seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
