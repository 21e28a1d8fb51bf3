"""What was a season ago."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsql.models.fallback import instead, last_value
from ecomsql.models.forecaster import Forecast, Forecaster, naive_spread
from ecomsql.models.residual_spread import residual_variance
from ecomsql.models.series_batch import SeriesBatch


class Model(Forecaster):
    """The seasonal naive method (Hyndman and Athanasopoulos, Forecasting, 2021, 5.2 and 5.5).

    Series shorter than a season are answered by their last value.
    """

    method = "seasonal_naive"

    @classmethod
    def _forecast(cls, batch: SeriesBatch, horizon: int, *, seed: int, **options: Any) -> Forecast:
        season = int(batch.season[0])
        if season == 1:
            return last_value(batch, horizon)
        fitted = np.full(batch.values.shape, np.nan)
        fitted[:, season:] = batch.values[:, : max(batch.values.shape[1] - season, 0)]
        ahead = np.arange(horizon)
        sd = np.sqrt(residual_variance(batch.values, fitted)[:, None] * (1 + ahead // season))
        # One season exactly: no residual yet says how good it is, the steps must do.
        steps = naive_spread(batch)[:, None] * np.sqrt(1 + ahead // season)
        sd = np.where((batch.lengths == season)[:, None], steps, sd)
        mean = batch.last(season)[:, ahead % season]
        n = len(batch)
        found = Forecast(mean, sd, ["seasonal_naive"] * n, ["ok"] * n, fitted)
        return instead(batch, found, batch.lengths < season, status="shorter than a season")
