"""The simplest answers, for series that tell too little for others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.forecaster import Forecast, naive_spread
from ecomsql.models.series_batch import SeriesBatch


def last_value(batch: SeriesBatch, horizon: int) -> Forecast:
    """Return the naive forecast: the last value, with the variance of a random walk.

    Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, 2021, 5.2, 5.5.
    """
    fitted = np.full(batch.values.shape, np.nan)
    fitted[:, 1:] = batch.values[:, :-1]
    sd = naive_spread(batch)[:, None] * np.sqrt(np.arange(1, horizon + 1))
    mean = np.repeat(batch.values[:, -1:], horizon, axis=1)
    return Forecast(mean, sd, ["naive"] * len(batch), ["ok"] * len(batch), fitted)


def instead(
    batch: SeriesBatch,
    found: Forecast,
    where: NDArray[np.bool_],
    *,
    label: str = "naive",
    status: str = "too few values",
) -> Forecast:
    """Answer some series by their last value instead."""
    simple, rows = last_value(batch, found.mean.shape[1]), where[:, None]
    fitted = found.fitted
    if fitted is not None and simple.fitted is not None:
        fitted = np.where(rows, simple.fitted, fitted)
    return Forecast(
        np.where(rows, simple.mean, found.mean),
        np.where(rows, simple.sd, found.sd),
        [label if one else name for one, name in zip(where, found.label, strict=True)],
        [status if one else state for one, state in zip(where, found.status, strict=True)],
        fitted,
    )
