"""ecomsql's forecasters, on arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ecomsql.models import forecasters
from ecomsql.models.series_batch import SeriesBatch


def forecaster(argument: str) -> Callable[[list[np.ndarray], int, int], np.ndarray]:
    """Return the method `argument`."""
    method = forecasters.method(argument)

    def forecast(known: list[np.ndarray], season: int, horizon: int) -> np.ndarray:
        return method.forecast(SeriesBatch.of(known, season), horizon, seed=42).mean

    return forecast
