"""The last value, for ever."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsql.models.forecaster import Forecast, Forecaster
from ecomsql.models.residual_spread import residual_variance
from ecomsql.models.series_batch import SeriesBatch


class Model(Forecaster):
    """The naive method (Hyndman and Athanasopoulos, Forecasting, 3rd edition, 2021, 5.2 and 5.5).

    The variance of the error grows with the steps ahead, as that of a random walk.
    """

    method = "naive"

    @classmethod
    def _forecast(cls, batch: SeriesBatch, horizon: int, *, seed: int, **options: Any) -> Forecast:
        fitted = np.full(batch.values.shape, np.nan)
        fitted[:, 1:] = batch.values[:, :-1]
        ahead = np.arange(1, horizon + 1)
        sd = np.sqrt(residual_variance(batch.values, fitted)[:, None] * ahead)
        mean = np.repeat(batch.values[:, -1:], horizon, axis=1)
        return Forecast(mean, sd, ["naive"] * len(batch), ["ok"] * len(batch), fitted)
