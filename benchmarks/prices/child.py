"""Runs one contestant over the prices of a data set, in a process of its own.

``python -m benchmarks.prices.child DATASET CONTESTANT OPTIONS`` prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys

import duckdb

from benchmarks.prices.contestants import CONTESTANTS
from benchmarks.prices.data import PRICES, elasticity_figures, price_figures


def main() -> None:
    """Prepare the data, run the contestant, measure its answers."""
    name, contestant, options = sys.argv[1:4]
    prepare, _, _, controls = PRICES[name]
    con = duckdb.connect()
    con.execute("SET threads = 2")
    truth = prepare(con)
    seconds = CONTESTANTS[contestant](con, list(controls), options)
    measure = price_figures if contestant.startswith("price_") else elasticity_figures
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**measure(con, truth), "total_s": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main()
