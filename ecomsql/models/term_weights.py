"""Terms that texts are made of, with their weights, and the parts of words that are strange."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from ecomsql.errors import ModelError
from ecomsql.features.character_kinds import LETTER
from ecomsql.features.subwords import subwords_of
from ecomsql.features.text_counts import Vocabulary, count_pairs, distinct, find
from ecomsql.features.text_terms import Terms, terms_of
from ecomsql.features.text_units import Hashes, Places, Units, chunks, units_of
from ecomsql.features.tf_idf import inverse_frequencies, weighted, with_unit_rows
from ecomsql.progress import checkpoint
from ecomsql.threads import Threads

T = TypeVar("T")
U = TypeVar("U")

THREADS = 4
"""That read texts, at most."""
IDEOGRAPHS = 2
"""Ideographs in a sequence, at most."""
TERMS = 20_000
"""Terms at most: those in most texts."""
FEW = 1_000
"""Texts below which a term that one of them has counts too."""
BUCKETS = 1 << 12
"""Numbers that parts of words are told apart by."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some texts: the place of the first, their units, and their terms.

    Attributes
    ----------
    there : uint64 array
        Different terms.
    examples : int64 array
        An occurrence of each.
    which : int64 array
        Which of them each occurrence is.
    """

    start: int
    units: Units
    terms: Terms
    there: Hashes
    examples: Places
    which: Places


@dataclass(frozen=True, slots=True, eq=False)
class TermWeights:
    """What is known of terms.

    Attributes
    ----------
    vocabulary : Vocabulary
    idf : float32 array, shape (terms,)
        The weight of each.
    strange : float
        The weight of a word that is not among them.
    """

    vocabulary: Vocabulary
    idf: NDArray[np.float32]
    strange: float

    def __len__(self) -> int:
        return len(self.vocabulary)

    @property
    def buckets(self) -> int:
        """How many different parts of words there are."""
        return BUCKETS

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""
        return self.vocabulary.hashes.nbytes + self.idf.nbytes

    @classmethod
    def fit(cls, texts: Sequence[str]) -> tuple[Self, csr_matrix, csr_matrix, list[Piece]]:
        """Learn the terms of texts.

        Returns
        -------
        weights : TermWeights
        counts : csr_matrix of float32, shape (texts, terms)
        kin : csr_matrix of float32, shape (terms, buckets)
            The parts of each term that is a word, in rows of length 1.
        pieces : list of Piece
            The texts' units and terms, for :meth:`of_pieces`.
        """
        least = 2 if len(texts) >= FEW else 1
        words, pieces = _Words(), read(texts)
        for piece in pieces:
            words.look(piece)
        found, counts = _counted(pieces, len(texts), least)
        often = _most_frequent(counts)
        vocabulary = Vocabulary(found[often], 1, IDEOGRAPHS)
        counts = counts[:, often]
        weights = cls(vocabulary, inverse_frequencies(counts), float(1 + np.log1p(len(texts))))
        return weights, counts, words.parts(vocabulary), pieces

    def of(self, texts: Sequence[str]) -> tuple[csr_matrix, csr_matrix]:
        """Return the weights in texts of terms, and of the parts of words that are not among them.

        Returns
        -------
        known : csr_matrix of float32, shape (texts, terms)
        strange : csr_matrix of float32, shape (texts, buckets)
        """
        return self.of_pieces(read(texts))

    def of_pieces(self, pieces: Sequence[Piece]) -> tuple[csr_matrix, csr_matrix]:
        """Return the weights in texts that were read already; see :meth:`of`."""
        found = _spread(self._of, pieces)
        if not found:
            return _empty(len(self)), _empty(BUCKETS)
        known, strange = (vstack(parts, "csr", np.float32) for parts in zip(*found, strict=True))
        return known, strange

    def _of(self, piece: Piece) -> tuple[csr_matrix, csr_matrix]:
        terms, units = piece.terms, piece.units
        columns, is_known = (one[piece.which] for one in self.vocabulary.find(piece.there))
        shape = (units.n_texts, len(self))
        known = weighted(count_pairs(terms.texts[is_known], columns[is_known], shape), self.idf)
        odd = np.flatnonzero(~is_known & (units.kinds[terms.firsts] == LETTER))
        there, examples, places = distinct(terms.hashes[odd])
        counts = count_pairs(terms.texts[odd], places, (units.n_texts, len(there)))
        own = weighted(counts, np.full(len(there), self.strange, dtype=np.float32))
        return known, (own @ word_parts(units, terms.firsts[odd][examples])).tocsr()

    def state(self) -> dict[str, np.ndarray]:
        """Return the arrays from which :meth:`from_state` restores it."""
        return {
            "terms": self.vocabulary.hashes,
            "idf": self.idf,
            "strange": np.array([self.strange]),
        }

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray]) -> Self:
        """Restore from :meth:`state`; raise ModelError when the arrays do not fit together."""
        try:
            terms, idf, strange = arrays["terms"], arrays["idf"], arrays["strange"]
        except KeyError as error:
            raise ModelError(f"the model of terms lacks {error}") from error
        sound = (
            terms.dtype == np.uint64
            and idf.dtype == np.float32
            and terms.ndim == 1
            and terms.shape == idf.shape
            and strange.shape == (1,)
            and np.isfinite(idf).all()
            and bool(np.isfinite(strange).all())
            and bool((terms[1:] > terms[:-1]).all())
        )
        if not sound:
            raise ModelError("the model's terms are damaged")
        return cls(Vocabulary(terms, 1, IDEOGRAPHS), idf, float(strange[0]))


def read(texts: Sequence[str]) -> list[Piece]:
    """Return the units and terms of texts, in pieces."""

    def one(piece: tuple[int, Sequence[str]]) -> Piece:
        checkpoint()
        units = units_of(piece[1])
        terms = terms_of(units, ideographs=IDEOGRAPHS)
        return Piece(piece[0], units, terms, *distinct(terms.hashes))

    return _spread(one, list(chunks(texts)))


def _spread(work: Callable[[T], U], pieces: Sequence[T]) -> list[U]:
    """Do each piece of work, several at a time, and return what comes of them in their order."""
    if len(pieces) < 2:
        return [work(piece) for piece in pieces]
    # Most of it is NumPy's, which lets other threads go on.
    with Threads(min(os.cpu_count() or 1, THREADS)) as pool:
        return list(pool.map(work, pieces))


def word_parts(units: Units, places: Places) -> csr_matrix:
    """Return the parts of the words at `places`, in rows of length 1: shape (words, buckets)."""
    owners, hashes = subwords_of(units, places)
    buckets = (hashes % np.uint64(BUCKETS)).astype(np.int32)
    ones = np.ones(len(owners), dtype=np.float32)
    matrix = csr_matrix((ones, (owners, buckets)), shape=(len(places), BUCKETS))
    matrix.sum_duplicates()
    return with_unit_rows(matrix)


class _Words:
    """The parts of every word that was looked at."""

    def __init__(self) -> None:
        self._hashes: Hashes = np.zeros(0, dtype=np.uint64)
        self._parts = _empty(BUCKETS)

    def look(self, piece: Piece) -> None:
        """Take up the words that are new."""
        firsts = piece.terms.firsts[piece.examples]
        words = np.flatnonzero(piece.units.kinds[firsts] == LETTER)
        new = words[~np.isin(piece.there[words], self._hashes)]
        self._hashes = np.concatenate([self._hashes, piece.there[new]])
        found = word_parts(piece.units, firsts[new])
        self._parts = vstack([self._parts, found], "csr", np.float32)

    def parts(self, vocabulary: Vocabulary) -> csr_matrix:
        """Return the parts of each term, none for one that is no word."""
        order = np.argsort(self._hashes)
        ranks, is_word = find(self._hashes[order], vocabulary.hashes)
        bounds = np.concatenate([[0], np.cumsum(is_word)])
        ones = np.ones(bounds[-1], dtype=np.float32)
        shape = (len(vocabulary), len(order))
        take = csr_matrix((ones, order[ranks[is_word]], bounds), shape=shape)
        return (take @ self._parts).tocsr()


def _counted(pieces: Sequence[Piece], n: int, least: int) -> tuple[Hashes, csr_matrix]:
    """Return terms that enough texts have, and how often each text has each."""
    if not pieces:
        return np.zeros(0, dtype=np.uint64), csr_matrix((n, 0), dtype=np.float32)
    there = np.unique(np.concatenate([piece.there for piece in pieces]))

    def one(piece: Piece) -> csr_matrix:
        columns = np.searchsorted(there, piece.there)[piece.which]
        return count_pairs(piece.terms.texts, columns, (piece.units.n_texts, len(there)))

    counts = vstack(_spread(one, pieces), "csr", np.float32)
    often = np.flatnonzero(counts.getnnz(axis=0) >= least)
    return there[often], counts[:, often]


def _most_frequent(counts: csr_matrix) -> NDArray[np.int64]:
    """Return the columns of the terms in most texts, ascending."""
    within = counts.getnnz(axis=0)
    order = np.argsort(-within, kind="stable")[:TERMS]
    return np.sort(order)


def _empty(columns: int) -> csr_matrix:
    return csr_matrix((0, columns), dtype=np.float32)
