"""Forecasts of many series with intervals, by a method's name or a trained model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from ecomsql import options as check
from ecomsql.errors import OptionError
from ecomsql.models import forecasters
from ecomsql.models.combined_forecast import told_by
from ecomsql.models.forecast_model import ForecastModel
from ecomsql.models.forecaster import Forecast
from ecomsql.models.interval_calibration import width_factors
from ecomsql.models.known_ahead import Known
from ecomsql.models.series_batch import Matrix, SeriesBatch

FEWEST = 2
"""Values of a series with fewer than which any method says the last."""
TOO_FEW = "too few values"


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """What is told of each series.

    Attributes
    ----------
    mean, lower, upper : float64 arrays, shape (n_series, horizon)
    label, status : list of str, one a series
    """

    mean: Matrix
    lower: Matrix
    upper: Matrix
    label: list[str]
    status: list[str]

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes, about."""
        return 3 * self.mean.nbytes + 200 * len(self.label)


def methods() -> list[str]:
    """Return the names that `method` may have."""
    return [*forecasters.methods(), "auto"]


def check_method(method: Any, *, knowing: bool = False, name: str = "method") -> str:
    """Return the method.

    Parameters
    ----------
    knowing : bool
        Whether something is known of the steps ahead, which the method has to be able to use.

    Raises
    ------
    OptionError
        For one that does not exist, or cannot.
    """
    found = check.choice(name, method, methods())
    if knowing and not can_use_known(found):
        able = [one for one in forecasters.methods() if forecasters.method(one).uses_known]
        raise OptionError(
            f"{name} := '{found}' cannot use covariates; take {', '.join(able)} or auto"
        )
    return found


def can_use_known(method: str) -> bool:
    """Say whether a method, or 'auto', can use what is known of the steps ahead."""
    return method == "auto" or forecasters.method(method).uses_known


def outlook(
    batch: SeriesBatch,
    horizon: int,
    *,
    method: str = "auto",
    level: float = 0.9,
    seed: int,
    is_demand: bool,
    known: Known | None = None,
    model: ForecastModel | None = None,
) -> Outlook:
    """Forecast each series.

    Parameters
    ----------
    batch : SeriesBatch
    horizon : int
        Steps to look ahead.
    method : str
        One of :func:`methods`; see :func:`~ecomsql.models.combined_forecast.told_by`.
    level : float in (0, 1)
        Share of what comes that lies between `lower` and `upper`. Intervals are normal, and their
        width is calibrated: see :func:`~ecomsql.models.interval_calibration.width_factors`. Models
        that learn from all series at once have their spread from errors of what they did not
        learn from, and keep it.
    is_demand : bool
        Nothing is below 0. Otherwise only of series that have not been.
    known : Known, optional
        What is known beside the values and ahead.
    model : ForecastModel, optional
        Was trained before, and answers in place of `method`.
    """

    def forecast(some: SeriesBatch, ahead: int, beside: Known | None) -> Forecast:
        if model is not None:
            return model.forecast(some, ahead, seed=seed, known=beside)
        return told_by(method, some, ahead, seed=seed, is_demand=is_demand, known=beside)

    found = forecast(batch, horizon, known)
    reach = float(ndtri(0.5 + level / 2.0)) * found.sd
    members = model.members if model is not None else (method,)
    if not any(name != "auto" and forecasters.method(name).is_global for name in members):
        reach *= width_factors(batch, horizon, forecast, level, known=known)
    least = np.full(len(batch), 0.0 if is_demand else -np.inf)
    least[np.nanmin(batch.values, axis=1, initial=np.inf) >= 0.0] = 0.0
    mean, lower, upper = (
        np.maximum(one, least[:, None])
        for one in (found.mean, found.mean - reach, found.mean + reach)
    )
    status = [
        TOO_FEW if length < FEWEST else one
        for length, one in zip(batch.lengths.tolist(), found.status, strict=True)
    ]
    return Outlook(mean, lower, upper, found.label, status)
