"""Forecasts farther ahead than a model looks, block by block."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ecomsql.models.series_batch import Matrix, SeriesBatch


def in_blocks(
    batch: SeriesBatch, horizon: int, block: int, ahead: Callable[[SeriesBatch, int], Matrix]
) -> Matrix:
    """Return forecasts, shape (n_series, horizon).

    What was forecast is appended to the series, until the horizon is reached.

    Parameters
    ----------
    batch : SeriesBatch
    horizon : int
    block : int
        Steps of one call.
    ahead : callable
        Given series and the number of steps that were appended to them, returns the next `block`.
        The forecasts do not leave the range of a series by more than that range.
    """
    low, high = np.nanmin(batch.values, axis=1), np.nanmax(batch.values, axis=1)
    low, high = low - (high - low), high + (high - low)
    values, width = batch.values, batch.values.shape[1]
    while (done := values.shape[1] - width) < horizon:
        so_far = SeriesBatch(values, batch.lengths + done, batch.season)
        found = np.clip(ahead(so_far, done), low[:, None], high[:, None])
        values = np.concatenate([values, found], axis=1)
    return values[:, width : width + horizon]
