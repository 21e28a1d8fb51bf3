"""Terms of texts that can tell what the texts are about, with their spelling."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ecomsql.features.character_kinds import IDEOGRAPH
from ecomsql.features.standing_pairs import fallen_pairs
from ecomsql.features.stop_words import stop_hashes
from ecomsql.features.text_counts import Vocabulary, counted, distinct
from ecomsql.features.text_terms import Terms, terms_of
from ecomsql.features.text_units import Hashes, Units, chunks, units_of

WORDS, IDEOGRAPHS = 1, 2
"""Length of sequences, at most: words alone, ideographs in pairs."""

TERMS = 20_000
"""Terms at most: those in most texts."""

COMMON = 0.5
"""Share of the texts above which a term is no matter of topics."""

LEAST = ((1_000, 5), (50, 2), (0, 1))
"""From so many texts on, texts that a term has to be in."""


def spelled_terms(texts: Sequence[str]) -> tuple[Vocabulary, list[str], csr_matrix]:
    """Return terms of texts, how each is spelled, and how often each text holds each.

    Words, emoji and pairs of ideographs. Left out are words without meaning of their own, numbers,
    single ideographs, pairs that mostly stand between two words, terms in hardly any text or, of
    many texts, in more than half of them, and those beyond the 20,000 in most texts.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    vocabulary : Vocabulary
    spelling : list of str
        A cleaned spelling of each term.
    counts : csr_matrix of float32, shape (texts, terms)
    """
    pieces, every, n = [], [], len(texts)
    for start, piece in chunks(texts):
        units = units_of(piece)
        terms = terms_of(units, words=WORDS, ideographs=IDEOGRAPHS)
        every.append(terms)
        pieces.append((start, _telling(terms, units)))
    least = next(times for size, times in LEAST if n >= size)
    there, counts = counted(pieces, n, least=least)
    within = counts.getnnz(axis=0)
    often = (within > COMMON * n) & (n >= LEAST[1][0])
    told = np.flatnonzero(~often & ~np.isin(there, fallen_pairs(every)))
    kept = np.sort(told[np.argsort(-within[told], kind="stable")[:TERMS]])
    spelling = spelled(texts, there[kept])
    words = np.array([not one.isnumeric() for one in spelling], dtype=bool)
    names = [one for one, is_word in zip(spelling, words, strict=True) if is_word]
    return Vocabulary(there[kept][words], WORDS, IDEOGRAPHS), names, counts[:, kept[words]]


def _telling(terms: Terms, units: Units) -> Terms:
    """Return terms that are no stop words and no single ideographs."""
    single = (units.kinds[terms.firsts] == IDEOGRAPH) & (terms.firsts == terms.lasts)
    stop = np.isin(terms.hashes, stop_hashes())
    return _part(terms, ~single & ~stop)


def spelled(texts: Sequence[str], hashes: Hashes) -> list[str]:
    """Return the spelling of terms, given by ascending hashes, as the first text that has it."""
    found: list[str] = [""] * len(hashes)
    missing = np.ones(len(hashes), dtype=bool)
    for _, piece in chunks(texts):
        units = units_of(piece)
        terms = terms_of(units, words=WORDS, ideographs=IDEOGRAPHS)
        there, examples, _ = distinct(terms.hashes)
        wanted = np.flatnonzero(np.isin(there, hashes[missing]))
        for place, example in zip(
            np.searchsorted(hashes, there[wanted]), examples[wanted], strict=True
        ):
            first, last = terms.firsts[example], terms.lasts[example]
            found[place] = "".join(units.spelled(np.arange(first, last + 1)))
            missing[place] = False
    return found


def _part(terms: Terms, which: NDArray[np.bool_]) -> Terms:
    return Terms(
        hashes=terms.hashes[which],
        texts=terms.texts[which],
        firsts=terms.firsts[which],
        lasts=terms.lasts[which],
        n_texts=terms.n_texts,
    )
