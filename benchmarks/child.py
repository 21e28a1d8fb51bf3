"""Runs one contestant in a process of its own, so that its peak memory is its own.

``python -m benchmarks.child DATASET CONTESTANT ARGUMENT [FILE]`` prints one line of JSON; of who
buys it also leaves the answers in FILE.
"""

from __future__ import annotations

import importlib
import json
import resource
import subprocess
import sys
from typing import Any

import duckdb


def measure(
    *words: str, program: str = "benchmarks.child", timeout: float = 3600
) -> dict[str, Any]:
    """Run a contestant in a child process and return what it printed, or its error."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        program,
        *words,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    if done.returncode != 0:
        return {"error": done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "died"}
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> None:
    """Prepare the data, run the contestant, measure its answers."""
    from benchmarks.customers import CUSTOMERS
    from benchmarks.datasets import DATASETS
    from benchmarks.purchases import PURCHASES, keep
    from benchmarks.speed.generated import generated

    name, contestant, argument = sys.argv[1:4]
    dataset = {**DATASETS, **PURCHASES, **CUSTOMERS}.get(name) or generated(name)
    con = duckdb.connect()
    con.execute("SET threads = 2")
    dataset.prepare(con)
    before = _peak_mb()
    times = importlib.import_module(f"benchmarks.contestants.{contestant}").run(
        con, dataset, argument
    )
    peak = _peak_mb()
    if name in CUSTOMERS:
        figures = CUSTOMERS[name].quality(con)
    else:
        figures = {} if name.startswith("generated") else dataset.measure(con, dataset.k)
    if name in PURCHASES and len(sys.argv) > 4:
        keep(con, sys.argv[4])
    print(json.dumps({**times, **figures, "peak_mb": peak, "before_mb": before}))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
