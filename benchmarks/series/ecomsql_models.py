"""ecomsql's forecasters, on arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ecomsql.models.forecasting import Outlook, outlook
from ecomsql.models.series_batch import SeriesBatch

LEVEL = 0.9
"""Share of what comes that the intervals are to hold."""


def forecaster(argument: str) -> Callable[[list[np.ndarray], int, int], Outlook]:
    """Return the method that `argument` names, with ``method:season`` over a season of its own."""
    method, _, own = argument.partition(":")

    def forecast(known: list[np.ndarray], season: int, horizon: int) -> Outlook:
        batch = SeriesBatch.of(known, int(own) if own else season)
        return outlook(batch, horizon, method=method, level=LEVEL, seed=42, is_demand=False)

    return forecast
