"""Forecasts of many series by a method's name, or by several at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ecomsql.models import forecasters
from ecomsql.models.forecaster import Forecast
from ecomsql.models.global_forecaster import GlobalForecaster
from ecomsql.models.known_ahead import Known
from ecomsql.models.series_batch import Longs, Matrix, SeriesBatch
from ecomsql.progress import track

COMBINED = ("theta", "ets", "sarima")
"""Methods whose median 'auto' gives."""
COMBINED_KNOWING = ("sarima", "lightgbm")
"""Those of which it is the mean where something is known ahead: they can use it."""
SPARSE = 0.6
"""Share of steps that are 0 from which on 'auto' takes :data:`FOR_SPARSE` for demand."""
FOR_SPARSE = "tsb"

Learned = dict[str, GlobalForecaster]


def told_by(
    method: str,
    batch: SeriesBatch,
    horizon: int,
    *,
    seed: int,
    is_demand: bool,
    known: Known | None = None,
) -> Forecast:
    """Forecast by one method, or 'auto'.

    'auto' is the median of several methods at each step, the most robust of simple combinations
    (Petropoulos and Svetunkov: A simple combination of univariate models, 2020), and of demand
    that is mostly 0 the method for that.

    Parameters
    ----------
    known : Known, optional
        For methods that can use it; ValueError for others.
    """
    if method != "auto":
        return median_of([method], batch, horizon, seed=seed, known=known)
    if known is not None:
        return median_of(COMBINED_KNOWING, batch, horizon, seed=seed, known=known)
    zeros = np.nansum(batch.values == 0.0, axis=1) / batch.lengths
    sparse = zeros >= SPARSE if is_demand else np.zeros(len(batch), dtype=bool)
    found = empty(batch, horizon)
    for rows, names in (
        (np.flatnonzero(~sparse), COMBINED),
        (np.flatnonzero(sparse), (FOR_SPARSE,)),
    ):
        if len(rows):
            put(found, rows, median_of(names, batch.take(rows), horizon, seed=seed))
    return found


def median_of(
    names: Sequence[str],
    batch: SeriesBatch,
    horizon: int,
    *,
    seed: int,
    known: Known | None = None,
    learned: Learned | None = None,
) -> Forecast:
    """Return the median of methods at each step; where all give the same name, that of one.

    Parameters
    ----------
    learned : dict, optional
        Models of global methods that were trained before; others are trained on the series.
    """
    told = []
    for name in track(names, "forecast"):
        kind = forecasters.method(name)
        beside = {} if known is None else {"known": known}
        if known is not None and not kind.uses_known:
            raise ValueError(f"method '{name}' cannot use what is known ahead")
        if learned and name in learned:
            told.append(learned[name].predict(batch, horizon, known=known))
        else:
            told.append(kind.forecast(batch, horizon, seed=seed, **beside))
    if len(told) == 1:
        return told[0]
    labels = [
        "+".join(dict.fromkeys(each)) for each in zip(*(one.label for one in told), strict=True)
    ]
    # A series is well answered where one of the methods had an answer of its own.
    states = [
        "ok" if "ok" in each else each[0]
        for each in zip(*(one.status for one in told), strict=True)
    ]
    mean: Matrix = np.median([one.mean for one in told], axis=0)
    sd: Matrix = np.median([one.sd for one in told], axis=0)
    return Forecast(mean, sd, labels, states)


def empty(batch: SeriesBatch, horizon: int) -> Forecast:
    """Return a forecast to be filled by :func:`put`."""
    mean, sd = np.empty((2, len(batch), horizon))
    return Forecast(mean, sd, [""] * len(batch), ["ok"] * len(batch))


def put(found: Forecast, rows: Longs, some: Forecast) -> None:
    """Write the forecasts of some series among those of all."""
    found.mean[rows], found.sd[rows] = some.mean, some.sd
    for row, name, state in zip(rows.tolist(), some.label, some.status, strict=True):
        found.label[row], found.status[row] = name, state
