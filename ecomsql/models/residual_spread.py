"""How far one-step forecasts were from what came."""

from __future__ import annotations

import numpy as np

from ecomsql.models.series_batch import Longs, Matrix


def residual_variance(values: Matrix, fitted: Matrix, parameters: int | Longs = 0) -> Matrix:
    """Return the mean square of the residuals of each series, shape (n_series,).

    Parameters
    ----------
    values, fitted : float64 arrays, shape (n_series, longest)
        NaN where there is none.
    parameters : int or int64 array, shape (n_series,)
        That were estimated, and are taken off the count; one residual is left at least. 0 where
        there is no residual.
    """
    residuals = values - fitted
    count = np.isfinite(residuals).sum(axis=1)
    squares = np.nansum(residuals**2, axis=1)
    variance: Matrix = squares / np.maximum(count - parameters, 1)
    return variance
