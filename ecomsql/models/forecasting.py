"""Forecasts of many series by a method's name, with intervals; or by several, combined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from ecomsql import options as check
from ecomsql.models import forecasters
from ecomsql.models.forecaster import Forecast
from ecomsql.models.interval_calibration import width_factors
from ecomsql.models.series_batch import Matrix, SeriesBatch
from ecomsql.progress import track

COMBINED = ("theta", "ets", "sarima")
"""Methods whose median 'auto' gives."""
SPARSE = 0.6
"""Share of steps that are 0 from which on 'auto' takes :data:`FOR_SPARSE` for demand."""
FOR_SPARSE = "tsb"
LATER = ("lightgbm", "lstm", "gru", "attention")
"""Methods of the contract that are still to come."""


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


def check_method(method: Any) -> str:
    """Return the method; raise OptionError for one that does not exist."""
    return check.choice("method", method, methods(), later=LATER)


def outlook(
    batch: SeriesBatch, horizon: int, *, method: str, level: float, seed: int, is_demand: bool
) -> Outlook:
    """Forecast each series.

    Parameters
    ----------
    batch : SeriesBatch
    horizon : int
        Steps to look ahead.
    method : str
        One of :func:`methods`. 'auto': the median of several methods at each step, the most robust
        of simple combinations (Petropoulos and Svetunkov: A simple combination of univariate
        models, 2020), and of demand that is mostly 0, the method for that.
    level : float in (0, 1)
        Share of what comes that lies between `lower` and `upper`. Intervals are normal, and their
        width is calibrated: see :func:`~ecomsql.models.interval_calibration.width_factors`.
    is_demand : bool
        Nothing is below 0. Otherwise only of series that have not been.
    """

    def told(some: SeriesBatch, ahead: int) -> Forecast:
        return forecast(some, ahead, method=method, seed=seed, is_demand=is_demand)

    found = told(batch, horizon)
    reach = float(ndtri(0.5 + level / 2.0)) * found.sd
    reach *= width_factors(batch, horizon, told, level)
    least = np.full(len(batch), 0.0 if is_demand else -np.inf)
    least[np.nanmin(batch.values, axis=1, initial=np.inf) >= 0.0] = 0.0
    mean, lower, upper = (
        np.maximum(one, least[:, None])
        for one in (found.mean, found.mean - reach, found.mean + reach)
    )
    return Outlook(mean, lower, upper, found.label, found.status)


def forecast(
    batch: SeriesBatch, horizon: int, *, method: str, seed: int, is_demand: bool
) -> Forecast:
    """Forecast each series by the name of a method, or 'auto'; parameters are :func:`outlook`'s."""
    if method == "auto":
        return _auto(batch, horizon, seed, is_demand)
    return forecasters.method(method).forecast(batch, horizon, seed=seed)


def _auto(batch: SeriesBatch, horizon: int, seed: int, is_demand: bool) -> Forecast:
    zeros = np.nansum(batch.values == 0.0, axis=1) / batch.lengths
    sparse = zeros >= SPARSE if is_demand else np.zeros(len(batch), dtype=bool)
    rows = [np.flatnonzero(~sparse), np.flatnonzero(sparse)]
    names = [[one for one in COMBINED if one in forecasters.methods()], [FOR_SPARSE]]
    mean, sd = np.empty((2, len(batch), horizon))
    label, status = [""] * len(batch), ["ok"] * len(batch)
    for some, members in zip(rows, names, strict=True):
        if len(some) == 0:
            continue
        found = _median(batch.take(some), horizon, seed, members)
        mean[some], sd[some] = found.mean, found.sd
        for row, name, state in zip(some.tolist(), found.label, found.status, strict=True):
            label[row], status[row] = name, state
    return Forecast(mean, sd, label, status)


def _median(batch: SeriesBatch, horizon: int, seed: int, names: list[str]) -> Forecast:
    """Return the median of methods at each step; where all give the same name, that of one."""
    told = [
        forecasters.method(name).forecast(batch, horizon, seed=seed)
        for name in track(names, "forecast")
    ]
    labels = [
        "+".join(dict.fromkeys(each)) for each in zip(*(one.label for one in told), strict=True)
    ]
    states = [
        next((state for state in each if state != "ok"), "ok")
        if all(state != "ok" for state in each)
        else "ok"
        for each in zip(*(one.status for one in told), strict=True)
    ]
    mean: Matrix = np.median([one.mean for one in told], axis=0)
    sd: Matrix = np.median([one.sd for one in told], axis=0)
    return Forecast(mean, sd, labels, states)
