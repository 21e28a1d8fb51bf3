"""Takes what some columns explain out of the others, for many small Gram matrices at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TOLERANCE = 1e-10
"""Share of a column's sum of squares that the columns before must leave, else it is not new."""


def eliminate(grams: Floats, first: int) -> tuple[Floats, NDArray[np.int64]]:
    """Regress the last columns on the first ones.

    By Gauss-Jordan steps, which leave a column out where the ones before explain it (Goodnight:
    A tutorial on the SWEEP operator, 1979). What remains of the last columns is their Gram matrix
    after partialling out, by the theorem of Frisch, Waugh and Lovell.

    Parameters
    ----------
    grams : float64 array, shape (n, m, m)
        Sums of products of centred columns.
    first : int
        Columns to take out.

    Returns
    -------
    found : float64 array, shape (n, m, m)
        ``found[:, :first, first:]``: coefficients of the first columns for each of the last;
        ``found[:, first:, first:]``: products of what is left.
    rank : int64 array, shape (n,)
        Columns that were taken out.

    Examples
    --------
    >>> eliminate(np.array([[[2.0, 4.0], [4.0, 9.0]]]), 1)[0].tolist()
    [[[1.0, 2.0], [0.0, 1.0]]]
    """
    found = grams.copy()
    enough = TOLERANCE * grams.diagonal(axis1=1, axis2=2)
    rank = np.zeros(len(grams), dtype=np.int64)
    for at in range(first):
        pivot = found[:, at, at]
        is_new = (pivot > enough[:, at]) & (pivot > 0.0)
        row = np.where(is_new[:, None], found[:, at] / np.where(is_new, pivot, 1.0)[:, None], 0.0)
        share = found[:, :, at].copy()
        share[:, at] = 0.0
        found -= share[:, :, None] * row[:, None, :]
        found[:, at] = row
        rank += is_new
    return found, rank
