"""Scores of values, in standard deviations: what is above the threshold is an anomaly."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.anomalies.data import Planted

THRESHOLD = 3.29
"""Of 0.999 of a normal distribution."""
LEAST = 1e-9


def global_z(data: Planted) -> list[np.ndarray]:
    """Return distances from the mean, as the textbook has it."""
    return [np.abs(one - one.mean()) / max(one.std(), LEAST) for one in data.series]


def global_median(data: Planted) -> list[np.ndarray]:
    """Return distances from the median (Iglewicz and Hoaglin, 1993)."""
    return [_robust(one - np.median(one)) for one in data.series]


def statsmodels_stl(data: Planted) -> list[np.ndarray]:
    """Return remainders of a robust STL by their median distance, the usual recipe."""
    from statsmodels.tsa.seasonal import STL

    found = []
    for one in data.series:
        resid = STL(one, period=data.season, robust=True).fit().resid
        found.append(_robust(resid))
    return found


def ecomsql(method: str) -> Callable[[Planted], list[np.ndarray]]:
    """Return what detect_anomalies says, by a method."""

    def scores(data: Planted) -> list[np.ndarray]:
        from ecomsql.models.anomalies import find_anomalies
        from ecomsql.models.series_batch import SeriesBatch

        batch = SeriesBatch.of(data.series, data.season)
        known = np.where(np.isfinite(batch.values), 1.0, np.nan)
        found = find_anomalies(batch, known=known, is_demand=data.is_demand, method=method)
        told = np.nan_to_num(found.score)
        return [told[row, -n:] for row, n in enumerate(batch.lengths)]

    return scores


def _robust(errors: np.ndarray) -> np.ndarray:
    return np.abs(errors) / max(1.4826 * float(np.median(np.abs(errors))), LEAST)


CONTESTANTS: dict[str, Callable[[Planted], list[np.ndarray]]] = {
    "global_z": global_z,
    "global_median": global_median,
    "statsmodels_stl": statsmodels_stl,
    "stl": ecomsql("stl"),
    "theta": ecomsql("theta"),
    "ets": ecomsql("ets"),
}
