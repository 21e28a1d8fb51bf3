"""Pairs of ideographs that are words, and not where one ends and the next begins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.text_counts import distinct
from ecomsql.features.text_terms import Terms
from ecomsql.features.text_units import Hashes, Places

STANDS = 0.5
"""Share of a pair's occurrences in which it has to be stronger than those that overlap it."""


def fallen_pairs(pieces: Sequence[Terms]) -> Hashes:
    """Return the pairs that mostly stand between two words, ascending.

    Two ideographs belong together the more, the more often they occur as a pair for how often
    each occurs at all. Of pairs that overlap in a text, the weaker ones fall: in 味道一般, the pair
    道一 between 味道 and 一般.

    Parameters
    ----------
    pieces : sequence of Terms
        Of some texts each: every unit, and every pair of ideographs.

    Examples
    --------
    >>> from ecomsql.features.text_terms import terms_of
    >>> from ecomsql.features.text_units import units_of
    >>> units = units_of(["味道一般", "味道好", "服务一般"])
    >>> terms = terms_of(units)
    >>> fallen = np.isin(terms.hashes, fallen_pairs([terms]))
    >>> ends = zip(terms.firsts[fallen], terms.lasts[fallen])
    >>> ["".join(units.spelled(np.arange(a, b + 1))) for a, b in ends]
    ['道一', '道好', '务一']
    """
    hashes, firsts, lasts = _joined(pieces)
    pair = lasts > firsts
    there, _, which = distinct(hashes)
    times = np.bincount(which, minlength=len(there))[which]
    alone = np.zeros(int(lasts.max(initial=-1)) + 3)
    alone[firsts[~pair]] = times[~pair]
    starts = firsts[pair]
    strength = times[pair] / np.sqrt(np.maximum(alone[starts] * alone[starts + 1], 1))
    stands = _stands(starts, strength, len(alone))
    found, _, each = distinct(hashes[pair])
    share = np.bincount(each, weights=stands, minlength=len(found))
    return found[share < STANDS * np.bincount(each, minlength=len(found))]


def _joined(pieces: Sequence[Terms]) -> tuple[Hashes, Places, Places]:
    """Return hashes, first and last places of terms, with a gap between pieces."""
    ends = [int(one.lasts.max(initial=-1)) + 2 for one in pieces]
    offsets = np.cumsum([0, *ends])[:-1]
    empty = np.zeros(0, dtype=np.int64)
    hashes = np.concatenate([empty.astype(np.uint64), *(one.hashes for one in pieces)])
    pairs = list(zip(pieces, offsets, strict=True))
    firsts = np.concatenate([empty, *(one.firsts + at for one, at in pairs)])
    lasts = np.concatenate([empty, *(one.lasts + at for one, at in pairs)])
    return hashes, firsts, lasts


def _stands(starts: Places, strength: NDArray[np.float64], places: int) -> NDArray[np.bool_]:
    """Return whether each pair is no weaker than those that begin one place before or after."""
    by_place = np.zeros(places + 1)
    by_place[starts] = strength
    stronger: NDArray[np.bool_] = (by_place[starts - 1] > strength) | (
        by_place[starts + 1] > strength
    )
    return ~stronger
