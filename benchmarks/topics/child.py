"""Finds topics of reviews with one contestant, in a process of its own.

``python -m benchmarks.topics.child reviews CONTESTANT TOPICS`` prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings

from benchmarks.topics.contestants import CONTESTANTS
from benchmarks.topics.data import reviews
from benchmarks.topics.measures import figures


def main() -> None:
    """Load, warm up on a few reviews, learn, tell the topics of the others, measure."""
    warnings.filterwarnings("ignore")
    _, contestant, topics = sys.argv[1:4]
    fit, data = CONTESTANTS[contestant], reviews()
    fit(data.learned[:300], 2).documents(data.held_out[:50])
    before, begun = _cpu_s(), time.perf_counter()
    found = fit(data.learned, int(topics))
    fitted, cpu = time.perf_counter(), _cpu_s() - before
    found.documents(data.held_out)
    scored = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = {"fit_s": fitted - begun, "score_s": scored - fitted, "cpu_s": cpu, "peak_mb": peak}
    print(json.dumps({**figures(found, data), **times}))


def _cpu_s() -> float:
    """Return seconds of processors used, by children that have ended too."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main()
