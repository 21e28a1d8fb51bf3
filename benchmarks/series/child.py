"""Runs one contestant over the series of a data set, in a process of its own.

``python -m benchmarks.series.child DATASET CONTESTANT ARGUMENT`` prints one line of JSON.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time

import numpy as np

from benchmarks.series.data import SERIES


def main() -> None:
    """Load, warm up on a few series, forecast, measure."""
    name, contestant, argument = sys.argv[1:4]
    groups = SERIES[name][0]()
    forecast = importlib.import_module(f"benchmarks.series.{contestant}").forecaster(argument)
    for group in groups:
        forecast(group.known[:3], group.season, group.horizon)
    before, begun = _cpu_s(), time.perf_counter()
    told = [forecast(group.known, group.season, group.horizon) for group in groups]
    seconds, cpu = time.perf_counter() - begun, _cpu_s() - before
    means = [one if isinstance(one, np.ndarray) else one.mean for one in told]
    found = [group.figures(mean) for group, mean in zip(groups, means, strict=True)]
    smape, mase = (np.concatenate(one).mean() for one in zip(*found, strict=True))
    held = [
        group.held(one) for group, one in zip(groups, told, strict=True) if hasattr(one, "lower")
    ]
    covered = {"coverage_90": float(np.concatenate(held).mean())} if held else {}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"smape": smape, "mase": mase, **covered}
    print(json.dumps({**figures, "total_s": seconds, "cpu_s": cpu, "peak_mb": peak}))


def _cpu_s() -> float:
    """Return seconds of processors used, by children that have ended too."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main()
