"""What reviews say of single aspects: the clauses that speak of each, and how they speak.

Aspects are found by their words, after Hu, Liu (2004): mining and summarizing customer reviews;
how good a clause is, the lexicon says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.clause_breaks import JOINED, breaks_after
from ecomsql.features.clauses import clauses_of
from ecomsql.features.text_units import Places, Units, chunks, units_of
from ecomsql.models.aspect_words import AspectWords
from ecomsql.models.lexicon_sentiment import scores_of
from ecomsql.progress import track


@dataclass(frozen=True, slots=True, eq=False)
class Mentions:
    """Clauses that speak of an aspect, by text and place; all have the length of mentions.

    Attributes
    ----------
    texts : int64 array
        Which text each is in, ascending.
    aspects : int64 array
        Places in the names of the aspects.
    scores : float64 array
        How good what the clause says is, from -1 to 1.
    spans : list of str
        The clause as it stands, without spaces and punctuation around.
    """

    texts: Places
    aspects: Places
    scores: NDArray[np.float64]
    spans: list[str]

    def __len__(self) -> int:
        return len(self.texts)


def mentions_of(texts: Sequence[str], words: AspectWords) -> Mentions:
    """Return where texts speak of aspects; of an aspect twice in a clause only once.

    Parameters
    ----------
    texts : sequence of str
    words : AspectWords

    Raises
    ------
    Stopped
        If the user asked for the work to end.

    Examples
    --------
    >>> from ecomsql.models.aspect_words import asked_aspects, words_of
    >>> words = words_of(asked_aspects(["material", "price"]))
    >>> found = mentions_of(["Lovely fabric! But the PRICE is too high."], words)
    >>> [words.names[at] for at in found.aspects], found.spans
    (['material', 'price'], ['Lovely fabric', 'But the PRICE is too high'])
    """
    pieces = chunks(texts) if len(texts) else [(0, texts)]
    parts = [_in_chunk(some, start, words) for start, some in track(pieces, "aspects")]
    return Mentions(
        np.concatenate([one.texts for one in parts]),
        np.concatenate([one.aspects for one in parts]),
        np.concatenate([one.scores for one in parts]),
        [span for one in parts for span in one.spans],
    )


def _in_chunk(texts: Sequence[str], start: int, words: AspectWords) -> Mentions:
    clauses = clauses_of(texts)
    units = units_of(clauses.spelled())
    owners, aspects = _mentioned(units, words)
    return Mentions(
        clauses.texts[owners] + start, aspects, scores_of(units)[owners], clauses.spelled(owners)
    )


def _mentioned(units: Units, words: AspectWords) -> tuple[Places, Places]:
    """Return pairs of a clause and an aspect, in the order in which they are first mentioned."""
    found = words.table.found(units, breaks_after(units) == JOINED)
    first, last = words.offsets[found.phrases], words.offsets[found.phrases + 1]
    sizes = last - first
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    aspects = words.aspects[np.repeat(first, sizes) + within]
    clauses = np.repeat(units.texts[found.starts], sizes)
    pairs, at = np.unique(clauses * len(words.names) + aspects, return_index=True)
    pairs = pairs[np.argsort(at)]
    return pairs // len(words.names), pairs % len(words.names)
