"""Exact Shapley values of a function of a few inputs, against one point of comparison."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Players = frozenset[str]


def baseline_shapley(worth: Callable[[Players], Numbers], players: tuple[str, ...]) -> Numbers:
    """Return what each input adds to a function, shape (n_rows, n_players).

    The mean, over all orders in which the inputs become known, of what an input changes when it
    does (Shapley: A value for n-person games, 1953), those not known yet being as at the point of
    comparison (baseline Shapley: Sundararajan, Najmi: The many Shapley values for model
    explanation, 2020). They add up to the function less that at the point of comparison.

    Parameters
    ----------
    worth : callable
        The function for all rows, shape (n_rows,), where only these inputs are known; called once
        for each of the ``2 ** n_players`` sets.
    players : tuple of str
        Names of the inputs.

    Examples
    --------
    >>> def product(known):
    ...     return np.array([(3.0 if "x" in known else 1.0) * (5.0 if "y" in known else 1.0)])
    >>> baseline_shapley(product, ("x", "y"))
    array([[6., 8.]])
    """
    size = len(players)
    sets = [frozenset(some) for n in range(size + 1) for some in combinations(players, n)]
    worths = {known: worth(known) for known in sets}
    found = np.zeros((len(worths[frozenset()]), size))
    for place, player in enumerate(players):
        for known in sets:
            if player in known:
                continue
            weight = factorial(len(known)) * factorial(size - len(known) - 1) / factorial(size)
            found[:, place] += weight * (worths[known | {player}] - worths[known])
    return found
