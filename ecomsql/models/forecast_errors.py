"""Errors of forecasts of each series, once it is known what came."""

from __future__ import annotations

import numpy as np

from ecomsql.models.series_batch import Matrix, SeriesBatch


def forecast_errors(
    before: SeriesBatch,
    truth: Matrix,
    mean: Matrix,
    lower: Matrix | None = None,
    upper: Matrix | None = None,
) -> dict[str, Matrix]:
    """Return figures of each series, each of shape (n_series,).

    ``mae`` and ``rmse`` in the units of the series; ``smape`` in percent, the mean of
    200 |a - f| / (|a| + |f|) where 0 / 0 is 0; ``mase``, mae in parts of the mean absolute error of
    the seasonal naive forecast within what was known, or the naive one where no season was (Hyndman
    and Koehler: Another look at measures of forecast accuracy, 2006), NaN where that is 0;
    ``coverage``, the share of what came within the intervals.

    Parameters
    ----------
    before : SeriesBatch
        What was known.
    truth, mean, lower, upper : float64 arrays, shape (n_series, horizon)
    """
    missed = np.abs(truth - mean)
    size = np.abs(truth) + np.abs(mean)
    scale = seasonal_scale(before)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {
            "mae": missed.mean(axis=1),
            "rmse": np.sqrt((missed**2).mean(axis=1)),
            "smape": np.where(size > 0, 200.0 * missed / size, 0.0).mean(axis=1),
            "mase": np.where(scale > 0, missed.mean(axis=1) / scale, np.nan),
        }
    if lower is not None and upper is not None:
        found["coverage"] = ((lower <= truth) & (truth <= upper)).mean(axis=1)
    return found


def seasonal_scale(batch: SeriesBatch) -> Matrix:
    """Return the mean absolute error of the seasonal naive forecast within each series."""
    scale = np.full(len(batch), np.nan)
    for season in np.unique(batch.season).tolist():
        rows = np.flatnonzero(batch.season == season)
        long = batch.lengths[rows] > season
        for some, lag in ((rows[long], season), (rows[~long], 1)):
            values = batch.values[some]
            if values.shape[1] <= lag or not len(some):
                continue
            steps = np.abs(values[:, lag:] - values[:, :-lag])
            count = (~np.isnan(steps)).sum(axis=1)
            scale[some] = np.nansum(steps, axis=1) / np.where(count > 0, count, np.nan)
    return scale
