"""The line through the first value and the last."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsql.models.forecaster import Forecast, Forecaster, naive_spread
from ecomsql.models.residual_spread import residual_variance
from ecomsql.models.series_batch import SeriesBatch


class Model(Forecaster):
    """The drift method (Hyndman and Athanasopoulos, Forecasting, 3rd edition, 2021, 5.2 and 5.5).

    A random walk with a constant step, the mean of all steps; one value alone stays.
    """

    method = "drift"

    @classmethod
    def _forecast(cls, batch: SeriesBatch, horizon: int, *, seed: int, **options: Any) -> Forecast:
        steps = np.maximum(batch.lengths - 1, 1)
        last = batch.values[:, -1]
        first = batch.values[np.arange(len(batch)), batch.values.shape[1] - batch.lengths]
        slope = (last - first) / steps
        fitted = np.full(batch.values.shape, np.nan)
        fitted[:, 1:] = batch.values[:, :-1] + slope[:, None]
        ahead = np.arange(1, horizon + 1)
        variance = residual_variance(batch.values, fitted, 1)[:, None]
        sd = np.sqrt(variance * ahead * (1 + ahead / steps[:, None]))
        # The line through two values fits them exactly, which says nothing.
        two = (batch.lengths < 3)[:, None]
        sd = np.where(two, naive_spread(batch)[:, None] * np.sqrt(ahead), sd)
        mean = last[:, None] + slope[:, None] * ahead
        return Forecast(mean, sd, ["drift"] * len(batch), ["ok"] * len(batch), fitted)
