"""What was a season ago."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsql.models.forecaster import Forecast, Forecaster
from ecomsql.models.forecasters import naive
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
        simple = naive.Model._forecast(batch, horizon, seed=seed)
        if season == 1:
            return simple
        short = batch.lengths < season
        fitted = np.full(batch.values.shape, np.nan)
        fitted[:, season:] = batch.values[:, : max(batch.values.shape[1] - season, 0)]
        ahead = np.arange(horizon)
        mean = batch.last(season)[:, ahead % season]
        sd = np.sqrt(residual_variance(batch.values, fitted)[:, None] * (1 + ahead // season))
        # One season exactly: no residual yet says how good it is.
        unknown = (batch.lengths == season)[:, None]
        return Forecast(
            np.where(short[:, None], simple.mean, mean),
            np.where(short[:, None] | unknown, simple.sd, sd),
            ["naive" if one else "seasonal_naive" for one in short],
            ["shorter than a season" if one else "ok" for one in short],
            np.where(short[:, None], simple.fitted, fitted),
        )
