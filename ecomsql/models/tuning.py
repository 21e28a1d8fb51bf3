"""Looks for better options of a method within a fixed number of trials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ecomsql.features.table import Table
from ecomsql.models import tabular
from ecomsql.models.cross_validation import out_of_fold
from ecomsql.models.tabular_loss import loss
from ecomsql.models.target import Target
from ecomsql.progress import track

TRIALS = 16
"""Options tried beside the defaults. A number and not a time, so that the answer is always the
same."""
ROWS = 20_000
"""Rows that they are tried on, at most."""


def tuned(
    method: str,
    table: Table,
    target: Target,
    *,
    seed: int,
    given: Mapping[str, Any],
    trials: int = TRIALS,
) -> dict[str, Any]:
    """Return the options with the least loss on held-out rows, of a random search.

    (Bergstra and Bengio: Random search for hyper-parameter optimization, 2012.)

    Parameters
    ----------
    method : str
        One of :func:`~ecomsql.models.tabular.methods`; its :attr:`choices` say what is tried.
    table, target
        Rows in a random order; the first ones are looked at.
    given : mapping
        Options that stay as they are.
    trials : int
        How many are tried beside the defaults; of methods that take long, a share of them.
    """
    chosen = tabular.method(method)
    if not chosen.choices:
        return dict(given)
    some = slice(0, ROWS)
    table, target = table.take(some), target.take(some)
    random = np.random.default_rng(seed)
    best: tuple[float, dict[str, Any]] = (np.inf, {})
    for trial in track(range(max(round(trials * chosen.trials), 1) + 1), f"tune {method}"):
        drawn = {
            name: values[random.integers(len(values))] for name, values in chosen.choices.items()
        }
        tried = drawn | dict(given) if trial else dict(given)
        found = out_of_fold(method, table, target, seed=seed, options=tried)
        missed = loss(found.raw, target.take(found.rows))
        if missed < best[0]:
            best = (missed, tried)
    return best[1]
