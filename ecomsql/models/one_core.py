"""Products of matrices that use one core, however many there are."""

from __future__ import annotations

import numpy as np
import torch

from ecomsql.models.series_batch import Matrix

SMALL = 200_000
"""Multiplications up to which NumPy's library, too, uses one core."""


def product(left: Matrix, right: Matrix) -> Matrix:
    """Return ``left @ right`` on the core of the thread that calls.

    NumPy's library spreads large products over all cores, where threads that have one each (see
    :mod:`~ecomsql.models.workers`) then wait for each other; Torch's does as it is told.

    Parameters
    ----------
    left : float64 array, shape (m, k)
    right : float64 array, shape (k, n) or (batch, k, n)
    """
    if left.shape[0] * left.shape[1] * right.shape[-1] <= SMALL:
        small: Matrix = left @ right
        return small
    found = np.empty((*right.shape[:-2], left.shape[0], right.shape[-1]))
    first = torch.from_numpy(left)
    stacked = right[None] if right.ndim == 2 else right
    for into, one in zip(found.reshape(-1, *found.shape[-2:]), stacked, strict=True):
        torch.mm(first, torch.from_numpy(one), out=torch.from_numpy(into))
    return found
