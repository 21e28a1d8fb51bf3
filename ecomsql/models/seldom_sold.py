"""What is usual of items of which mostly nothing is sold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.series_batch import Longs, Matrix

LARGEST = 3.0
"""Medians of the counts that are not 0, to which larger ones are cut down."""


def seldom_sold(values: Matrix, is_count: NDArray[np.bool_]) -> Longs:
    """Return the series of counts, half of which or more are 0, but not all.

    The median of such a series, and what robust lines make of it, is 0, from which any sale is far.

    Parameters
    ----------
    values : float64 array, shape (n_series, longest)
        NaN where there is none.
    is_count : bool array, shape (n_series,)
    """
    zeros, there = (values == 0.0).sum(axis=1), np.isfinite(values).sum(axis=1)
    return np.flatnonzero(is_count & (2 * zeros >= there) & (zeros < there))


def usual_moments(values: Matrix) -> tuple[Matrix, Matrix]:
    """Return mean and variance of each series, its largest counts cut down, shape (n_series,).

    Parameters
    ----------
    values : float64 array, shape (n_series, longest)
        NaN where there is none; not all 0.
    """
    sold = np.where(values > 0.0, values, np.nan)
    usual = np.minimum(values, LARGEST * np.nanmedian(sold, axis=1, keepdims=True))
    return np.nanmean(usual, axis=1), np.nanvar(usual, axis=1)
