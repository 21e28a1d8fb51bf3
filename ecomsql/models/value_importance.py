"""How much worse foreseen money gets when something known of customers says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import polars as pl

from ecomsql.models.permutation import TIMES
from ecomsql.models.value_corrections import Numbers
from ecomsql.progress import checkpoint

CUSTOMERS = 2_000
"""Customers that are looked at."""


def value_importance(
    value: Callable[[pl.DataFrame], Numbers],
    history: pl.DataFrame,
    truth: Numbers,
    columns: Iterable[str],
    *,
    seed: int,
) -> dict[str, float]:
    """Return by how much the mean squared error grows when a column is shuffled.

    (Breiman: Random forests, 2001; for any model Fisher, Rudin, Dominici, 2019.)

    Parameters
    ----------
    value : callable
        Gives the money expected of customers by their history.
    history : DataFrame
        Customers in a random order.
    truth : float64 array, shape (n_customers,)
        The money that they brought.
    """
    history, truth = history.head(CUSTOMERS), truth[:CUSTOMERS]
    random = np.random.default_rng(seed)
    before = _missed(value(history), truth)
    found = {}
    for name in columns:
        grown = 0.0
        for _ in range(TIMES):
            checkpoint()
            order = random.permutation(len(history))
            changed = history.with_columns(history[name].gather(order))
            grown += (_missed(value(changed), truth) - before) / TIMES
        found[name] = grown
    return found


def _missed(told: Numbers, truth: Numbers) -> float:
    return float(np.square(told - truth).mean())
