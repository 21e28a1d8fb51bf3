"""ARIMA models without a season."""

from __future__ import annotations

from typing import Any

from ecomsql.models.arima_forecaster import ArimaForecaster
from ecomsql.models.arima_model import arima_forecast
from ecomsql.models.forecaster import Forecast
from ecomsql.models.series_batch import SeriesBatch


class Model(ArimaForecaster):
    """ARIMA(p, d, q) with a mean or a drift, whose orders are chosen for each series.

    See :func:`~ecomsql.models.arima_model.arima_forecast`.
    """

    method = "arima"

    @classmethod
    def _forecast(cls, batch: SeriesBatch, horizon: int, *, seed: int, **options: Any) -> Forecast:
        return arima_forecast(batch, 1, horizon)
