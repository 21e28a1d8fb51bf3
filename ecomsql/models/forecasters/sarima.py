"""ARIMA models with a season."""

from __future__ import annotations

from typing import Any

from ecomsql.models.arima_model import arima_forecast
from ecomsql.models.forecaster import Forecast, Forecaster
from ecomsql.models.series_batch import SeriesBatch


class Model(Forecaster):
    """ARIMA(p, d, q)(P, D, Q)[season], whose orders are chosen for each series.

    Without a season the same as :mod:`~ecomsql.models.forecasters.arima`. See
    :func:`~ecomsql.models.arima_model.arima_forecast`.
    """

    method = "sarima"

    @classmethod
    def _forecast(cls, batch: SeriesBatch, horizon: int, *, seed: int, **options: Any) -> Forecast:
        return arima_forecast(batch, int(batch.season[0]), horizon)
