"""Rows cut into folds that are alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.target import Target


def folds(target: Target, count: int) -> NDArray[np.int64]:
    """Return the fold of each row, 0 to ``count - 1``, each with its share of every class.

    Rows are dealt out in their order, class by class, or from the least number to the greatest in
    groups of `count`: rows in a random order come into random folds.
    """
    order = np.argsort(target.values, kind="stable")
    dealt = np.empty(len(target), dtype=np.int64)
    dealt[order] = np.arange(len(target)) % count
    return dealt
