"""What the words around a word of praise or blame make of it.

After Polanyi, Zaenen (2006): contextual valence shifters. A degree before a word makes it stronger
or weaker, a negation turns it around, a wish mutes it, and what follows a "but" weighs more than
what came before it in the sentence.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ecomsql.features.text_units import Places
from ecomsql.models.lexicon_entries import CONTRAST, DEGREE, NEGATION, OPINION, WISH
from ecomsql.models.lexicon_marks import Floats, Marks

NEGATED_PRAISE: Final = -0.8
NEGATED_BLAME: Final = -0.5
"""What valences are multiplied by: "not good" is bad, "not bad" is half as good as bad is bad."""

BEFORE_CONTRAST: Final = 0.6
AFTER_CONTRAST: Final = 1.4

REACH: Final = 4
"""Units, at most, between two marks of which one shifts the other."""
LOOK_BACK: Final = 3
"""Marks before a mark that may shift it."""


def shifted(marks: Marks) -> Floats:
    """Return what each mark says where it stands; 0 for one that only shifts another."""
    factors = np.ones(len(marks))
    used, negated, muted = np.zeros((3, len(marks)), dtype=np.bool_)
    for here, there in _pairs(marks):
        roles, is_opinion = marks.roles[there], marks.roles[here] == OPINION
        raises = (roles == DEGREE) & (marks.roles[here] != NEGATION)
        turns, mutes = (roles == NEGATION) & is_opinion, (roles == WISH) & is_opinion
        factors[here[raises]] *= marks.degrees[there[raises]]
        negated[here[turns]] ^= True
        muted[here[mutes]] = True
        used[there[raises | turns]] = True
    turn = np.where(marks.valences > 0.0, NEGATED_PRAISE, NEGATED_BLAME)
    values = marks.valences * np.where(negated, turn, factors)
    values[used | muted] = 0.0
    return values


def contrasted(marks: Marks) -> Floats:
    """Return weights: less before the last "but" of a sentence, more after it."""
    if not len(marks):
        return np.ones(0)
    places, contrasts = np.arange(len(marks)), np.flatnonzero(marks.roles == CONTRAST)
    last = np.full(int(marks.sentences[-1]) + 1, -1)
    last[marks.sentences[contrasts]] = contrasts
    at = last[marks.sentences]
    weights = np.where(places < at, BEFORE_CONTRAST, AFTER_CONTRAST)
    return np.where((at < 0) | (places == at), 1.0, weights)


def _pairs(marks: Marks) -> list[tuple[Places, Places]]:
    """Return marks that something is said by, each with one before it, from near to far.

    Both are in one clause, near each other, with no opinion of the other sign between them.
    """
    found = []
    here = np.flatnonzero(marks.valences != 0.0)
    for back in range(1, LOOK_BACK + 1):
        here = here[here >= back]
        there = here - back
        near = marks.clauses[here] == marks.clauses[there]
        near &= marks.starts[here] - marks.ends[there] <= REACH
        here, there = here[near], there[near]
        found.append((here, there))
        alike = np.sign(marks.valences[here]) == np.sign(marks.valences[there])
        here = here[(marks.roles[there] != OPINION) | alike]
    return found
