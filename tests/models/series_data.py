"""Series for the tests of forecasters."""

from __future__ import annotations

import numpy as np

from ecomsql.models.series_batch import SeriesBatch

SEASON = 4


def seasonal_series(length: int = 30) -> np.ndarray:
    """Return a line with a season of 4 and a wave that never repeats; the same everywhere."""
    t = np.arange(float(length))
    season = np.array([3.0, -2.0, 1.0, -2.0])[(t % SEASON).astype(int)]
    return 20.0 + 0.4 * t + season + 1.5 * np.sin(t * t)


def many(seed: int = 0) -> list[np.ndarray]:
    """Return series of many lengths and kinds, all of which have five values or more."""
    random = np.random.default_rng(seed)
    found = [seasonal_series(n) for n in (30, 30, 17, 60)]
    for length in (12, 25, 41, 80):
        walk = 50.0 + random.normal(size=length).cumsum()
        found += [walk, -walk, walk - walk.mean(), np.exp(walk / 20.0)]
    found += [random.poisson(0.4, 50).astype(float), np.arange(1.0, 25.0)]
    return found


STRANGE = {
    "one value": np.array([5.0]),
    "two": np.array([1.0, 2.0]),
    "three": np.array([4.0, 1.0, 2.0]),
    "five": np.array([3.0, 1.0, 4.0, 1.0, 5.0]),
    "constant": np.full(30, 7.0),
    "zeros": np.zeros(30),
    "negative": -(np.arange(20.0) ** 1.5),
    "line": np.arange(1.0, 41.0),
    "huge": np.sin(np.arange(40.0)) * 1e12,
    "tiny": np.cos(np.arange(40.0)) * 1e-12,
    "exponential": np.exp(np.arange(40.0)),
    "zeros, then the largest": np.append(np.zeros(39), 1e300),
    "opposite largest": np.array([1.0, -1.0, 1.0, 1.0, -1.0, 1.0, 1.0]) * 1e308,
    "near the smallest": np.array([1.0, 2.0, 3.0, 1.0, 5.0, 6.0]) * 1e-300,
    "one spike": np.where(np.arange(50) == 20, 1e9, 1.0),
    "begins late": np.append(np.zeros(30), np.ones(5)),
}


def batch(series: list[np.ndarray], season: int = SEASON) -> SeriesBatch:
    return SeriesBatch.of(series, season)
