"""What the ARIMA methods share: the regression on what is known ahead."""

from __future__ import annotations

from typing import Any, ClassVar

from ecomsql.models.arima_regression import with_known, without_known
from ecomsql.models.forecaster import Forecast, Forecaster
from ecomsql.models.known_ahead import Known
from ecomsql.models.series_batch import SeriesBatch


class ArimaForecaster(Forecaster):
    """Forecasts series, or what a regression on what is known ahead leaves of them."""

    uses_known: ClassVar[bool] = True

    @classmethod
    def forecast(
        cls,
        batch: SeriesBatch,
        horizon: int,
        *,
        seed: int,
        known: Known | None = None,
        **options: Any,
    ) -> Forecast:
        """Say what comes next; see :meth:`Forecaster.forecast`.

        Parameters
        ----------
        known : Known, optional
            What stands beside the values and the steps ahead: see
            :func:`~ecomsql.models.arima_regression.without_known`.
        """
        if known is None:
            return super().forecast(batch, horizon, seed=seed, **options)
        known.check(batch, horizon)
        errors, ahead = without_known(batch, known)
        return with_known(super().forecast(errors, horizon, seed=seed, **options), ahead)
