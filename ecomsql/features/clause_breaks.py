"""Where sentences and their clauses end, between the units of texts."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.character_kinds import IDEOGRAPH
from ecomsql.features.text_units import Units

JOINED: Final = 0
CLAUSE: Final = 1
SENTENCE: Final = 2

# Full-width marks are these by then: see text_clean.
_SENTENCES = ".!?\n\r\0。．‼⁇⁈⁉"
_CLAUSES = ',;:()[]{}<>、~—–|/\\"“”«»「」『』《》【】·・'
_SPACES = " \t\u00a0\u3000"


def breaks_after(units: Units) -> NDArray[np.uint8]:
    """Return what stands after each unit: nothing (0), the end of a clause (1), of a sentence (2).

    A space between two ideographs ends a clause: Chinese has no other use for it.

    Examples
    --------
    >>> from ecomsql.features.text_units import units_of
    >>> breaks_after(units_of(["nice, see-through. ok", "好 吃"])).tolist()
    [1, 0, 2, 2, 1, 2]
    """
    if not len(units):
        return np.zeros(0, dtype=np.uint8)
    found = np.full(len(units), JOINED, dtype=np.uint8)
    alone = units.kinds == IDEOGRAPH
    spaced = _between(units, _SPACES) & alone & np.append(alone[1:], False)
    found[spaced | _between(units, _CLAUSES)] = CLAUSE
    found[_between(units, _SENTENCES)] = SENTENCE
    return found


def _between(units: Units, marks: str) -> NDArray[np.bool_]:
    """Return whether one of `marks` stands between each unit and the next."""
    codes = np.array([ord(one) for one in marks], dtype=np.uint32)
    counts = np.concatenate([[0], np.cumsum(np.isin(units.codes, codes))])
    nexts = np.append(units.starts[1:], len(units.codes))
    told: NDArray[np.bool_] = counts[nexts] > counts[units.ends]
    return told
