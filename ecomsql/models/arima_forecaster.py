"""What the ARIMA methods share: the regression on what is known ahead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from ecomsql.models.arima_regression import with_known, without_known
from ecomsql.models.forecaster import Forecast, Forecaster
from ecomsql.models.known_ahead import Known
from ecomsql.models.series_batch import SeriesBatch

LONGEST = 1_000
"""Values that a model is fitted to, the last ones.

Older ones say little of what a series is like now, and take as long. Chosen on weekly series before
their last two horizons: of all values, and the last 520, the forecasts were worse.
"""


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
        """Say what comes next, from the last 1,000 values; see :meth:`Forecaster.forecast`.

        Parameters
        ----------
        known : Known, optional
            What stands beside the values and the steps ahead: see
            :func:`~ecomsql.models.arima_regression.without_known`.
        """
        if known is None:
            found = super().forecast(_recent(batch), horizon, seed=seed, **options)
            return replace(found, fitted=None)
        known.check(batch, horizon)
        errors, ahead = without_known(batch, known)
        found = super().forecast(_recent(errors), horizon, seed=seed, **options)
        return with_known(found, ahead)


def _recent(batch: SeriesBatch) -> SeriesBatch:
    """Return the last values of each series."""
    lengths = np.minimum(batch.lengths, LONGEST)
    return SeriesBatch(batch.last(int(lengths.max(initial=1))), lengths, batch.season)
