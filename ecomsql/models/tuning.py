"""Looks for better options of lightgbm within a fixed number of trials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ecomsql.features.table import Table
from ecomsql.models.cross_validation import out_of_fold
from ecomsql.models.tabular_loss import loss
from ecomsql.models.target import Target
from ecomsql.progress import track

TRIALS = 16
"""Options tried beside the defaults. A number and not a time, so that the answer is always the
same."""
ROWS = 20_000
"""Rows that they are tried on, at most."""

CHOICES: dict[str, tuple[float, ...]] = {
    "learning_rate": (0.02, 0.03, 0.05),
    "leaves": (4, 6, 8, 12, 16, 24, 32, 48),
    "min_rows": (5, 10, 20, 40, 80),
    "share_of_columns": (0.3, 0.4, 0.5, 0.6, 0.8),
    "share_of_rows": (0.6, 0.7, 0.8, 0.9),
    "penalty": (0.0, 1.0, 3.0, 10.0, 30.0),
}


def tuned(table: Table, target: Target, *, seed: int, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options with the least loss on held-out rows, of a random search.

    (Bergstra and Bengio: Random search for hyper-parameter optimization, 2012.)

    Parameters
    ----------
    table, target
        Rows in a random order; the first ones are looked at.
    given : mapping
        Options that stay as they are.
    """
    some = slice(0, ROWS)
    table, target = table.take(some), target.take(some)
    random = np.random.default_rng(seed)
    best: tuple[float, dict[str, Any]] = (np.inf, {})
    for trial in track(range(TRIALS + 1), "tune"):
        drawn = {name: values[random.integers(len(values))] for name, values in CHOICES.items()}
        tried = drawn | dict(given) if trial else dict(given)
        found = out_of_fold("lightgbm", table, target, seed=seed, options=tried)
        missed = loss(found.raw, target.take(found.rows))
        if missed < best[0]:
            best = (missed, tried)
    return best[1]
