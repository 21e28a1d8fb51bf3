"""The method of Teunter, Syntetos and Babai: demand that may die out."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsql.models.forecaster import Forecast, Forecaster
from ecomsql.models.occurrences import Occurrences
from ecomsql.models.ragged import Ragged
from ecomsql.models.residual_spread import residual_variance
from ecomsql.models.series_batch import SeriesBatch
from ecomsql.models.simple_smoothing import best_smoothing, smoothed

LOW, HIGH = 0.02, 0.5


class Model(Forecaster):
    """Sizes times the chance that something comes (Teunter, Syntetos, Babai, 2011).

    The chance is smoothed at every step, so that it fades where nothing comes any more; sizes only
    when something does. Each has the parameter of the least squares of its own one-step forecasts,
    between 0.02 and 0.5. The standard deviation is that of the errors of the past.
    """

    method = "tsb"

    @classmethod
    def _forecast(cls, batch: SeriesBatch, horizon: int, *, seed: int, **options: Any) -> Forecast:
        series, found = Ragged.from_batch(batch), Occurrences.of(batch)
        came = series.with_values((series.values != 0).astype(np.float64))
        chances = smoothed(came, best_smoothing(came, LOW, HIGH))
        chance = np.full(batch.values.shape, np.nan)
        chance[:, 1:] = series.aligned(chances)[:, :-1]
        mean, fitted = np.zeros(len(batch)), np.where(np.isfinite(batch.values), 0.0, np.nan)
        if len(found.rows):
            sizes = smoothed(found.sizes, best_smoothing(found.sizes, LOW, HIGH))
            mean[found.rows] = sizes[-1] * chances[-1, found.rows]
            fitted[found.rows] = found.at_times(sizes) * chance[found.rows]
        fitted[np.arange(len(batch)), batch.values.shape[1] - batch.lengths] = np.nan
        sd = np.sqrt(residual_variance(batch.values, fitted))
        return Forecast(
            np.repeat(mean[:, None], horizon, axis=1),
            np.repeat(sd[:, None], horizon, axis=1),
            ["tsb"] * len(batch),
            ["ok"] * len(batch),
            fitted,
        )
