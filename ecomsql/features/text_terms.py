"""Terms of texts: words and sequences of words, ideographs and sequences of them, emoji."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecomsql.features.character_kinds import IDEOGRAPH, LETTER
from ecomsql.features.text_units import Hashes, Places, Units, followed


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Occurrences of terms in texts, in no particular order.

    Attributes
    ----------
    hashes : uint64 array, shape (occurrences,)
        Of the units of each; the same whatever the texts are.
    texts : int64 array, shape (occurrences,)
        Which text each is in.
    firsts, lasts : int64 array, shape (occurrences,)
        Places of the first and last unit of each among the units.
    n_texts : int
    """

    hashes: Hashes
    texts: Places
    firsts: Places
    lasts: Places
    n_texts: int

    def __len__(self) -> int:
        return len(self.hashes)


def terms_of(units: Units, *, words: int = 1, ideographs: int = 2) -> Terms:
    """Return every sequence of units up to a length.

    Parameters
    ----------
    units : Units
    words : int
        Words in a sequence, at most; they may have spaces and punctuation between them.
    ideographs : int
        Ideographs in a sequence, at most; there is nothing between them.

    Examples
    --------
    >>> from ecomsql.features.text_units import units_of
    >>> units = units_of(["so nice! 很好吃"])
    >>> terms = terms_of(units, words=2)
    >>> ends = zip(terms.firsts, terms.lasts)
    >>> [" ".join(units.spelled(np.arange(a, b + 1))) for a, b in ends]
    ['so', 'nice', '很', '好', '吃', 'so nice', '很 好', '好 吃']
    """
    places = np.arange(len(units))
    hashes = [units.hashes]
    firsts = [places]
    lasts = [places]
    same = units.texts[1:] == units.texts[:-1]
    spaced = same & (units.kinds[1:] == LETTER) & (units.kinds[:-1] == LETTER)
    glued = same & (units.kinds[1:] == IDEOGRAPH) & (units.kinds[:-1] == IDEOGRAPH)
    glued &= units.starts[1:] == units.ends[:-1]
    longest, ends, start = units.hashes, places, places
    for length in range(2, max(words, ideographs) + 1):
        follows = np.zeros(max(len(units) - 1, 0), dtype=bool)
        if length <= words:
            follows |= spaced
        if length <= ideographs:
            follows |= glued
        going = np.flatnonzero(ends < len(units) - 1)
        going = going[follows[ends[going]]]
        start, ends = start[going], ends[going] + 1
        longest = followed(longest[going], units.hashes[ends])
        hashes.append(longest)
        firsts.append(start)
        lasts.append(ends)
    first = np.concatenate(firsts)
    return Terms(
        hashes=np.concatenate(hashes),
        texts=units.texts[first],
        firsts=first,
        lasts=np.concatenate(lasts),
        n_texts=units.n_texts,
    )
