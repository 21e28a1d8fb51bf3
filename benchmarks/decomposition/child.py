"""Takes generated series apart, in a process of its own.

``python -m benchmarks.decomposition.child WORKLOAD CONTESTANT ROBUST`` prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable

import numpy as np

Parts = tuple[np.ndarray, np.ndarray]
WORKLOADS = {"daily": (500, 365, 7), "weekly": (200, 208, 52), "one": (1, 20_000, 7)}
"""Series, values each, values a season."""
CHECKED = 20
"""Series on which the answers are compared with statsmodels'."""


def made(n_series: int, length: int, season: int) -> list[np.ndarray]:
    """Return series with a trend, a season, and errors that reach far now and then."""
    random = np.random.default_rng(7)
    wave = np.sin(np.arange(length) * 2 * np.pi / season)
    walks = 0.1 * random.normal(size=(n_series, length)).cumsum(axis=1)
    return list(50.0 + walks + 3.0 * wave + random.standard_t(3, size=(n_series, length)))


def ecomsql_models(series: list[np.ndarray], season: int, robust: bool) -> Parts:
    """Take all series apart at once."""
    from ecomsql.models.decomposition import decompose
    from ecomsql.models.series_batch import SeriesBatch

    found = decompose(SeriesBatch.of(series, season), robust=robust)
    return found.trend, found.seasonal


def ecomsql_sql(series: list[np.ndarray], season: int, robust: bool) -> Parts:
    """Take series of a table of rows apart, in SQL."""
    import polars as pl

    import ecomsql

    n, length = len(series), len(series[0])
    frame = pl.DataFrame(
        {
            "item_id": np.repeat(np.arange(n), length),
            "ts": np.tile(np.arange(length), n),
            "price": np.concatenate(series),
        }
    )
    with ecomsql.connect() as con:
        con.register("frame", frame.to_arrow())
        query = f"FROM decompose_series(frame, season := {season}, robust := {robust})"
        told = con.sql(f"SELECT trend, seasonal {query}").to_arrow_table()
    trend, seasonal = (told[name].to_numpy().reshape(n, length) for name in ("trend", "seasonal"))
    return trend, seasonal


def statsmodels_library(series: list[np.ndarray], season: int, robust: bool) -> Parts:
    """Take one series apart after the other."""
    from statsmodels.tsa.seasonal import STL

    found = [STL(one, period=season, robust=robust).fit() for one in series]
    return np.stack([one.trend for one in found]), np.stack([one.seasonal for one in found])


CONTESTANTS: dict[str, Callable[[list[np.ndarray], int, bool], Parts]] = {
    one.__name__: one for one in (ecomsql_models, ecomsql_sql, statsmodels_library)
}


def main() -> None:
    """Warm up on a few series, take all apart, measure, compare."""
    workload, contestant, robust = sys.argv[1:4]
    n_series, length, season = WORKLOADS[workload]
    series, parts = made(n_series, length, season), CONTESTANTS[contestant]
    parts(series[:2], season, robust == "robust")
    before, begun = _cpu_s(), time.perf_counter()
    found = parts(series, season, robust == "robust")
    seconds, cpu = time.perf_counter() - begun, _cpu_s() - before
    expected = statsmodels_library(series[:CHECKED], season, robust == "robust")
    differences = [
        np.abs(one[:CHECKED] - two).max() for one, two in zip(found, expected, strict=True)
    ]
    figures = {
        "series_a_second": n_series / seconds,
        "difference": float(max(differences)),
        "total_s": seconds,
        "cpu_s": cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
