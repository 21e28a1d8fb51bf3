"""Series and trained models for the tests of global forecasters."""

from __future__ import annotations

import numpy as np

from ecomsql.models import forecasters
from ecomsql.models.global_forecaster import GlobalForecaster
from ecomsql.models.known_ahead import Known
from ecomsql.models.series_batch import SeriesBatch

GLOBAL = [name for name in forecasters.methods() if forecasters.method(name).is_global]
NETWORKS = [name for name in GLOBAL if name != "lightgbm"]
FAST = {name: {"steps": 15, "units": 8} for name in NETWORKS} | {
    "lightgbm": {"rows": 2_000, "learning_rate": 0.3}
}
"""Options with which training is short."""
GOOD = {name: {"steps": 150, "units": 16} for name in NETWORKS} | {
    "lightgbm": {"rows": 10_000, "learning_rate": 0.2}
}
"""Options with which something is learned."""


def trained(
    method: str, batch: SeriesBatch, horizon: int, *, seed: int = 1, **more
) -> GlobalForecaster:
    """Return a model that was trained in little time."""
    return forecasters.method(method).train(batch, horizon, seed=seed, **{**FAST[method], **more})


def walks(count: int = 12, length: int = 40, seed: int = 7) -> list[np.ndarray]:
    """Return random walks."""
    return list(50.0 + np.random.default_rng(seed).normal(size=(count, length)).cumsum(axis=1))


def alike(count: int, *, seasons: float, season: int = 8) -> list[np.ndarray]:
    """Return series of one season, each of another size, and too short to see it in one alone."""
    random = np.random.default_rng(3)
    pattern = np.array([0.0, 1.0, 5.0, 2.0, -3.0, -1.0, 4.0, -8.0])
    at = np.arange(int(seasons * season))
    return [
        random.uniform(1, 9) * (20.0 + pattern[(at + start) % season] + random.normal(size=len(at)))
        for start in random.integers(season, size=count)
    ]


def promoted(count: int = 40, length: int = 60, horizon: int = 6) -> tuple[np.ndarray, Known]:
    """Return series, shape (count, length + horizon), that double at times known ahead."""
    random = np.random.default_rng(11)
    when = random.random((count, length + horizon)) < 0.2
    level = random.uniform(5, 50, size=(count, 1))
    values = level * (1.0 + when) * (1.0 + 0.05 * random.normal(size=when.shape))
    beside = when[..., None].astype(np.float64)
    return values, Known(beside[:, :length], beside[:, length:])
