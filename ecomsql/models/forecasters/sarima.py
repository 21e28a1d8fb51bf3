"""ARIMA models with a season."""

from __future__ import annotations

from typing import Any

from ecomsql.models.arima_forecaster import ArimaForecaster
from ecomsql.models.arima_model import arima_forecast
from ecomsql.models.deseasonalised import LONG, Deseasonalised
from ecomsql.models.forecaster import Forecast
from ecomsql.models.series_batch import SeriesBatch


class Model(ArimaForecaster):
    """ARIMA(p, d, q)(P, D, Q)[season], whose orders are chosen for each series.

    Without a season the same as :mod:`~ecomsql.models.forecasters.arima`. See
    :func:`~ecomsql.models.arima_model.arima_forecast`. A season of more than 24 steps is taken off
    before and put back after: polynomials of that degree are slow, and learned from few seasons.
    """

    method = "sarima"

    @classmethod
    def _forecast(cls, batch: SeriesBatch, horizon: int, *, seed: int, **options: Any) -> Forecast:
        season = int(batch.season[0])
        if season <= LONG:
            return arima_forecast(batch, season, horizon)
        flat = Deseasonalised.of(batch)
        return flat.again(arima_forecast(flat.batch, 1, horizon))
