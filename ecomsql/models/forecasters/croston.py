"""Croston's method: how much comes, and how often, smoothed apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsql.errors import OptionError
from ecomsql.models.forecaster import Forecast, Forecaster
from ecomsql.models.occurrences import Occurrences
from ecomsql.models.residual_spread import residual_variance
from ecomsql.models.series_batch import SeriesBatch
from ecomsql.models.simple_smoothing import best_smoothing, smoothed

VARIANTS = ("classic", "sba")
LOW, HIGH = 0.05, 0.3


class Model(Forecaster):
    """Sizes over gaps, for intermittent demand (Croston, 1972).

    Each is smoothed with the parameter of the least squares of its own one-step forecasts, between
    0.05 and 0.3, and only when something comes. ``variant='sba'`` takes off the bias of the ratio
    (Syntetos and Boylan, The accuracy of intermittent demand estimates, 2005). Without any value
    but zero, zero is the forecast. The standard deviation is that of the errors of the past.
    """

    method = "croston"

    @classmethod
    def _forecast(
        cls,
        batch: SeriesBatch,
        horizon: int,
        *,
        seed: int,
        variant: str = "classic",
        **options: Any,
    ) -> Forecast:
        if variant not in VARIANTS:
            raise OptionError(f"variant must be one of {', '.join(VARIANTS)}, not {variant!r}")
        found = Occurrences.of(batch)
        mean, fitted = np.zeros(len(batch)), np.where(np.isfinite(batch.values), 0.0, np.nan)
        if len(found.rows):
            sizes = smoothed(found.sizes, best_smoothing(found.sizes, LOW, HIGH))
            alpha = best_smoothing(found.gaps, LOW, HIGH)
            rates = sizes / smoothed(found.gaps, alpha)
            if variant == "sba":
                rates *= 1.0 - alpha / 2.0
            mean[found.rows] = rates[-1]
            fitted[found.rows] = found.at_times(rates)
        # Of the first value there is no forecast.
        fitted[np.arange(len(batch)), batch.values.shape[1] - batch.lengths] = np.nan
        sd = np.sqrt(residual_variance(batch.values, fitted))
        label = "croston" if variant == "classic" else "croston(sba)"
        return Forecast(
            np.repeat(mean[:, None], horizon, axis=1),
            np.repeat(sd[:, None], horizon, axis=1),
            [label] * len(batch),
            ["ok"] * len(batch),
            fitted,
        )
