"""How much worse predictions get when a feature says nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.table import Matrix, Table
from ecomsql.models.tabular_loss import loss
from ecomsql.models.target import Target
from ecomsql.progress import checkpoint

ROWS = 5_000
"""Rows that are looked at."""
TIMES = 3
"""How often a feature is shuffled."""


def permutation_importance(
    raw: Callable[[Table], Matrix],
    table: Table,
    target: Target,
    owners: NDArray[np.int64],
    *,
    seed: int,
) -> Matrix:
    """Return by how much the mean loss grows when the values of a feature are shuffled.

    (Breiman: Random forests, 2001; for any model Fisher, Rudin, Dominici, 2019.) Log loss, or for
    numbers the mean squared error.

    Parameters
    ----------
    raw : callable
        Gives predictions.
    owners : int array, shape (n_columns,)
        The feature that each column of the table is of; they are shuffled together.

    Returns
    -------
    float64 array, shape (n_features,)
        About 0, also below, where a feature does not matter.
    """
    some = slice(0, ROWS)
    table, target = table.take(some), target.take(some)
    before = loss(raw(table), target)
    random = np.random.default_rng(seed)
    found = np.zeros(int(owners.max()) + 1)
    for feature in range(len(found)):
        columns = np.flatnonzero(owners == feature)
        for _ in range(TIMES):
            checkpoint()
            values = table.values.copy()
            values[:, columns] = values[random.permutation(len(values))][:, columns]
            found[feature] += (loss(raw(Table(values, table.sizes)), target) - before) / TIMES
    return found
