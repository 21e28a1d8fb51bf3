"""The last value, for ever."""

from __future__ import annotations

from typing import Any

from ecomsql.models.fallback import last_value
from ecomsql.models.forecaster import Forecast, Forecaster
from ecomsql.models.series_batch import SeriesBatch


class Model(Forecaster):
    """The naive method (Hyndman and Athanasopoulos, Forecasting, 3rd edition, 2021, 5.2 and 5.5).

    The variance of the error grows with the steps ahead, as that of a random walk.
    """

    method = "naive"

    @classmethod
    def _forecast(cls, batch: SeriesBatch, horizon: int, *, seed: int, **options: Any) -> Forecast:
        return last_value(batch, horizon)
