"""How much worse a network over events gets when something that it is told says nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.event_sequences import EventSequences
from ecomsql.features.sequence_inputs import INPUTS
from ecomsql.features.table import Matrix
from ecomsql.models.tabular_loss import loss
from ecomsql.models.target import Target
from ecomsql.progress import checkpoint

ROWS = 1_000
"""Sequences that are looked at."""
TIMES = 3
"""How often each input is shuffled."""


def sequence_importance(
    raw: Callable[[EventSequences], Matrix], sequences: EventSequences, target: Target, *, seed: int
) -> Matrix:
    """Return by how much the mean log loss grows when each of :data:`INPUTS` is shuffled.

    (Breiman: Random forests, 2001; for any model Fisher, Rudin, Dominici, 2019.) A sequence gets
    the value of another one place by place, counted from the last event, where both have an event.
    Of another number of events the first ones are left out, or the other's are put before them.

    Parameters
    ----------
    raw : callable
        Gives log-odds, shape (n, 1).

    Returns
    -------
    float64 array, shape (10,)
        About 0, also below, where an input does not matter.
    """
    some = slice(0, ROWS)
    sequences, target = sequences.take(some), target.take(some)
    before = loss(raw(sequences), target)
    random = np.random.default_rng(seed)
    found = np.zeros(len(INPUTS))
    for at, name in enumerate(INPUTS):
        for _ in range(TIMES):
            checkpoint()
            changed = shuffled(sequences, name, random.permutation(len(sequences)))
            found[at] += (loss(raw(changed), target) - before) / TIMES
    return found


def shuffled(sequences: EventSequences, name: str, order: NDArray[np.int64]) -> EventSequences:
    """Return sequences of which each has one of :data:`INPUTS` of the next one in an order."""
    there = sequences.kinds > 0
    if name == "events":
        return _resized(sequences, there, order)
    rows = _donors(there, order)
    places = np.arange(there.shape[1])
    kinds, buckets, numbers = sequences.kinds, sequences.buckets, sequences.numbers
    if name == "kinds":
        kinds = kinds[rows, places]
    elif name == "item_popularity":
        buckets = buckets[rows, places]
    else:
        numbers = numbers.copy()
        at = INPUTS.index(name) - 3
        numbers[:, :, at] = numbers[rows, places, at]
    return EventSequences(kinds, buckets, numbers)


def _donors(there: NDArray[np.bool_], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each place of each row the next row with an event there, shape (n, length)."""
    found = np.repeat(np.arange(len(there))[:, None], there.shape[1], axis=1)
    for place in range(there.shape[1]):
        rows = order[there[order, place]]
        found[rows, place] = np.roll(rows, -1)
    return found


def _resized(
    sequences: EventSequences, there: NDArray[np.bool_], order: NDArray[np.int64]
) -> EventSequences:
    donors = np.empty_like(order)
    donors[order] = np.roll(order, -1)
    other = sequences.take(donors)
    kept, wanted = there & there[donors], there[donors]

    def mixed(own: NDArray, given: NDArray) -> NDArray:  # type: ignore[type-arg]
        deep = (...,) + (None,) * (own.ndim - 2)
        return np.where(kept[deep], own, np.where(wanted[deep], given, 0)).astype(own.dtype)

    return EventSequences(
        mixed(sequences.kinds, other.kinds),
        mixed(sequences.buckets, other.buckets),
        mixed(sequences.numbers, other.numbers),
    )
