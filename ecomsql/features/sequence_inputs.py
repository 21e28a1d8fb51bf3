"""What is told of a sequence of events, by names that a person can read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.event_log import KINDS
from ecomsql.features.event_sequences import EventSequences
from ecomsql.features.number_text import number_texts

INPUTS = (
    "events",
    "kinds",
    "item_popularity",
    "hours_between_events",
    "hours_since_event",
    "price_to_habit",
    "quantity",
    "lines",
    "item_conversion",
    "about_item",
)
"""What each number of :func:`input_values` and each contribution is of.

How many events there are (of the last 64, those of one kind at one moment being one), of which
kinds, how sought after their items are, and
:data:`~ecomsql.features.event_sequences.NUMBERS`, in order.
"""
DIGITS = 4
"""Figures that are written of a number, at most."""
_KIND_NAMES = {code: name for name, code in KINDS.items()}


def input_values(sequences: EventSequences) -> list[list[str | None]]:
    """Return the value of each of :data:`INPUTS` as text, row by row, of sequences with an event.

    The number of events, and of each kind; the mean popularity (the logarithm of 1 + the purchases
    within 30 days, in steps of a half) of the items, None without any; the median hours between
    events; the hours since the last one; the median share of the habitual price, 1 where that is
    unknown; the median quantity; the median number of lines; the median share of what is put into
    the cart that is bought; how many events are about the item that is asked about.
    """
    there = sequences.kinds > 0
    counts = there.sum(axis=1)
    numbers = np.moveaxis(sequences.numbers.astype(np.float64), 2, 0)
    between, since, price, quantity, lines, sold, asked = numbers
    columns = [
        [str(count) for count in counts.tolist()],
        _kinds(sequences.kinds),
        _texts(_mean(sequences.buckets)),
        _texts(_median(np.expm1(3 * between + 3), there)),
        _texts(np.expm1(2 * since[:, -1] + 6)),
        _texts(_median(np.exp(price), there)),
        _texts(_median(np.expm1(quantity + 1), there)),
        _texts(_median(np.exp(2 * lines), there)),
        _texts(_median(1.0 / (1.0 + np.exp(-2 * sold)), there)),
        [str(count) for count in (asked * there).sum(axis=1).astype(int).tolist()],
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _kinds(kinds: NDArray[np.int8]) -> list[str | None]:
    """Return how many events of each kind there are: ``'view 12, purchase 1'``."""
    codes = range(len(KINDS) + 1)
    counts = np.stack([(kinds == code + 1).sum(axis=1) for code in codes], axis=1)
    names = [_KIND_NAMES.get(code, "other") for code in codes]
    return [
        ", ".join(f"{name} {count}" for name, count in zip(names, row, strict=True) if count)
        for row in counts.tolist()
    ]


def _mean(buckets: NDArray[np.int8]) -> NDArray[np.float64]:
    known = (buckets > 0).sum(axis=1)
    sums = np.maximum(buckets - 1, 0).sum(axis=1) / 2.0
    found = np.full(len(buckets), np.nan)
    np.divide(sums, known, out=found, where=known > 0)
    return found


def _median(numbers: NDArray[np.float64], there: NDArray[np.bool_]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.nanmedian(np.where(there, numbers, np.nan), axis=1)
    return found


def _texts(numbers: NDArray[np.float64]) -> list[str | None]:
    # What single precision leaves of a 0 is 0.
    return number_texts(numbers.round(4), digits=DIGITS)
