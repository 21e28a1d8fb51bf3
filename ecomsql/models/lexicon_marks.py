"""The phrases of the lexicon in texts: what each does, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.clause_breaks import CLAUSE, JOINED, SENTENCE, breaks_after
from ecomsql.features.text_units import Places, Units
from ecomsql.models.lexicon_entries import OPINION, lexicon

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Phrases that say something, in the order of the texts; all arrays have shape (marks,).

    Attributes
    ----------
    roles : uint8 array
        OPINION, NEGATION, DEGREE, CONTRAST or WISH.
    valences, degrees : float64 array
        What each says by itself, from -4 to 4, and what it multiplies the next one's valence by.
    starts, ends : int64 array
        First unit of each, and the one after its last.
    clauses, sentences, texts : int64 array
        Which each stands in, ascending.
    """

    roles: NDArray[np.uint8]
    valences: Floats
    degrees: Floats
    starts: Places
    ends: Places
    clauses: Places
    sentences: Places
    texts: Places

    def __len__(self) -> int:
        return len(self.roles)


def marks_of(units: Units) -> Marks:
    """Return the phrases of the built-in lexicon in texts."""
    ends = breaks_after(units)
    words = lexicon()
    found = words.table.found(units, ends == JOINED)
    found = found.only((words.roles != OPINION) | (words.valences != 0.0))
    return Marks(
        words.roles[found.phrases],
        words.valences[found.phrases],
        words.degrees[found.phrases],
        found.starts,
        found.ends,
        _counted(ends >= CLAUSE)[found.starts],
        _counted(ends == SENTENCE)[found.starts],
        units.texts[found.starts],
    )


def _counted(ends: NDArray[np.bool_]) -> Places:
    """Return how many ends come before each unit."""
    before: Places = np.cumsum(ends) - ends
    return before
