"""Finds phrases in texts: the longest first, from the left, none within another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.text_units import Hashes, Places, Units, followed, units_of

_FILTER_BITS = 18
_LOW = np.uint64((1 << _FILTER_BITS) - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Phrases found, in the order of the texts.

    Attributes
    ----------
    phrases : int64 array, shape (matches,)
        Which phrase each is.
    starts, ends : int64 array, shape (matches,)
        First unit of each, and the one after its last.
    """

    phrases: Places
    starts: Places
    ends: Places

    def __len__(self) -> int:
        return len(self.phrases)

    def only(self, wanted: NDArray[np.bool_]) -> Matches:
        """Return those of the phrases that are `wanted`, an array with a place for each phrase."""
        kept = wanted[self.phrases]
        return Matches(self.phrases[kept], self.starts[kept], self.ends[kept])


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """What phrases begin with, of one length.

    `keys` are sorted hashes; `phrases` says which phrase is exactly that, or -1; `filter` has a bit
    for the low end of every key.
    """

    keys: Hashes
    phrases: Places
    filter: NDArray[np.bool_]

    def places(self, hashes: Hashes) -> tuple[Places, Places]:
        """Return which of `hashes` are keys, and which key each of those is."""
        likely = np.flatnonzero(self.filter[hashes & _LOW])
        at = np.minimum(np.searchsorted(self.keys, hashes[likely]), len(self.keys) - 1)
        known = self.keys[at] == hashes[likely]
        return likely[known], at[known]


class PhraseTable:
    """Phrases of one unit or more, by what they begin with.

    Parameters
    ----------
    phrases : sequence of str
        Of two that are spelled alike, the first is found. One without any unit is never found.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        units = units_of(phrases)
        firsts = np.searchsorted(units.texts, np.arange(len(phrases)))
        sizes = np.bincount(units.texts, minlength=len(phrases))
        self._levels: list[_Level] = []
        alive, hashes = np.flatnonzero(sizes), units.hashes[firsts[sizes > 0]]
        while len(alive):
            size = len(self._levels) + 1
            self._levels.append(_level(hashes, np.where(sizes[alive] == size, alive, -1)))
            longer = sizes[alive] > size
            alive = alive[longer]
            hashes = followed(hashes[longer], units.hashes[firsts[alive] + size])

    def found(self, units: Units, joined: NDArray[np.bool_]) -> Matches:
        """Return the phrases in texts.

        Parameters
        ----------
        units : Units
        joined : bool array, shape (units,)
            Whether a phrase may go on after each unit.
        """
        phrases, lengths = self._longest(units, joined)
        starts = np.flatnonzero(lengths)
        starts = starts[_apart(starts, starts + lengths[starts])]
        return Matches(phrases[starts], starts, starts + lengths[starts])

    def _longest(self, units: Units, joined: NDArray[np.bool_]) -> tuple[Places, Places]:
        """Return the longest phrase that starts at each unit, and its length, 0 for none."""
        phrases = np.full(len(units), -1, dtype=np.int64)
        lengths = np.zeros(len(units), dtype=np.int64)
        starts, hashes = np.arange(len(units)), units.hashes
        for size, level in enumerate(self._levels, 1):
            known, at = level.places(hashes)
            starts, told = starts[known], level.phrases[at]
            whole = told >= 0
            phrases[starts[whole]], lengths[starts[whole]] = told[whole], size
            on = joined[starts + size - 1]
            on[starts + size >= len(units)] = False
            starts, hashes = starts[on], hashes[known[on]]
            hashes = followed(hashes, units.hashes[starts + size])
        return phrases, lengths


def _level(hashes: Hashes, phrases: Places) -> _Level:
    # Whole phrases before mere beginnings, so that `unique` keeps the former.
    order = np.lexsort((phrases, phrases < 0))
    keys, at = np.unique(hashes[order], return_index=True)
    bits = np.zeros(1 << _FILTER_BITS, dtype=np.bool_)
    bits[keys & _LOW] = True
    return _Level(keys, phrases[order][at], bits)


def _apart(starts: Places, ends: Places) -> NDArray[np.bool_]:
    """Return which stretches remain when each, from the left, drops those that it overlaps.

    The next that remains after each is known; steps of 1, 2, 4, ... reach all from the first.
    """
    n = len(starts)
    jump = np.append(np.searchsorted(starts, ends), n)
    reached = np.zeros(n + 1, dtype=np.bool_)
    reached[0] = True
    if not (starts[1:] < ends[:-1]).any():
        return np.ones(n, dtype=np.bool_)
    for _ in range(n.bit_length()):
        reached[jump[reached]] = True
        jump = jump[jump]
    return reached[:n]
