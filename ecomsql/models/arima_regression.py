"""Regression on what is known ahead, whose errors an ARIMA model forecasts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ecomsql.models.arima_differencing import constant, differences
from ecomsql.models.forecaster import Forecast
from ecomsql.models.known_ahead import Cube, Known
from ecomsql.models.series_batch import Matrix, SeriesBatch

TINY = 1e-9
"""Singular values below this part of the largest are none: columns that say the same."""


def without_known(batch: SeriesBatch, known: Known) -> tuple[SeriesBatch, Matrix]:
    """Take off series what is explained by what is known ahead.

    Ordinary least squares of a series on the columns and a constant; where its errors are not
    stationary (by the test that ARIMA models are differenced by), of its differences on those of
    the columns, since the errors of levels would be correlated with themselves for long (Hyndman
    and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, 2021, 10.1). Parameters
    are those of this first step and not estimated again together with the ARIMA model's.

    Parameters
    ----------
    batch : SeriesBatch
    known : Known
        NaN counts as the mean of its column over the past of its series, and as 0 where all are.

    Returns
    -------
    SeriesBatch
        The errors; a series with fewer values than twice the columns and two stays as it is.
    float64 array, shape (n_series, horizon)
        What the columns add to the steps ahead.
    """
    values, ahead = batch.values.copy(), np.zeros(known.ahead.shape[:2])
    for row, length in enumerate(batch.lengths.tolist()):
        if length < 2 * (known.columns + 1):
            continue
        start = values.shape[1] - length
        past, next_ = _filled(known.past[row, start:], known.ahead[row])
        series = values[row, start:]
        slopes = _slopes(series, past)
        errors = series - past @ slopes
        if differences(errors[None])[0] > 0:
            slopes = _slopes(np.diff(series), np.diff(past, axis=0))
            errors = series - past @ slopes
        values[row, start:], ahead[row] = errors, next_ @ slopes
    return SeriesBatch(values, batch.lengths, batch.season), ahead


def with_known(found: Forecast, ahead: Matrix) -> Forecast:
    """Add to the forecast of errors what the columns add."""
    labels = [
        f"{label}+regression" if moved else label
        for label, moved in zip(found.label, (ahead != 0).any(axis=1), strict=True)
    ]
    return replace(found, mean=found.mean + ahead, label=labels, fitted=None)


def _slopes(series: Matrix, columns: Cube) -> Matrix:
    centred = columns - columns.mean(axis=0)
    moves = ~constant(columns.T)
    found: Matrix = np.zeros(columns.shape[1])
    if moves.any():
        size = np.abs(centred[:, moves]).max(axis=0)
        found[moves] = (
            np.linalg.lstsq(centred[:, moves] / size, series - series.mean(), rcond=TINY)[0] / size
        )
    return found


def _filled(past: Cube, ahead: Cube) -> tuple[Cube, Cube]:
    """Replace what is not known by the mean of its column."""
    there = np.isfinite(past)
    mean = np.where(there, past, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    return np.where(there, past, mean), np.where(np.isfinite(ahead), ahead, mean)
