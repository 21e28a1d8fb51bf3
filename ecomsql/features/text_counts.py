"""How often each text holds each term of a vocabulary, as a sparse matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from ecomsql.features.text_terms import Terms, terms_of
from ecomsql.features.text_units import Hashes, Places, chunks, units_of
from ecomsql.progress import checkpoint


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Terms that count, by rising hash: a column each.

    Attributes
    ----------
    hashes : uint64 array, shape (terms,)
    words, ideographs : int
        Length of sequences, at most; see :func:`~ecomsql.features.text_terms.terms_of`.
    """

    hashes: Hashes
    words: int
    ideographs: int

    def __len__(self) -> int:
        return len(self.hashes)

    def counts(self, texts: Sequence[str]) -> csr_matrix:
        """Return how often each text holds each term: float32, shape (texts, terms)."""
        parts = [
            self.counted(terms_of(units_of(piece), words=self.words, ideographs=self.ideographs))
            for _, piece in chunks(texts)
        ]
        return vstack(parts, "csr", np.float32) if parts else _empty(0, len(self))

    def counted(self, terms: Terms) -> csr_matrix:
        """Return the counts of terms that were found already."""
        columns, known = self.find(terms.hashes)
        return count_pairs(terms.texts[known], columns[known], (terms.n_texts, len(self)))

    def find(self, hashes: Hashes) -> tuple[Places, NDArray[np.bool_]]:
        """Return the column of each term, and whether there is one."""
        return find(self.hashes, hashes)


def counted_terms(
    texts: Sequence[str], *, words: int, ideographs: int, least: int = 1
) -> tuple[Vocabulary, csr_matrix]:
    """Return the vocabulary of texts, and how often each text holds each term.

    Parameters
    ----------
    texts : sequence of str
    words, ideographs : int
        Length of sequences, at most.
    least : int
        Texts that a term is in, at least; rarer ones are left out.

    Returns
    -------
    vocabulary : Vocabulary
    counts : csr_matrix of float32, shape (texts, terms)
    """
    pieces = [
        (start, terms_of(units_of(piece), words=words, ideographs=ideographs))
        for start, piece in chunks(texts)
    ]
    there, counts = counted(pieces, len(texts), least=least)
    return Vocabulary(there, words, ideographs), counts


def counted(
    pieces: Sequence[tuple[int, Terms]], n_texts: int, *, least: int = 1
) -> tuple[Hashes, csr_matrix]:
    """Return the different terms of texts, by rising hash, and how often each text holds each.

    Parameters
    ----------
    pieces : sequence of (int, Terms)
        The terms of some texts, and the place of the first of these.
    n_texts : int
        Of all pieces.
    least : int
        Texts that a term is in, at least; rarer ones are left out.
    """
    if not pieces:
        return np.zeros(0, dtype=np.uint64), _empty(n_texts, 0)
    every = np.concatenate([terms.hashes for _, terms in pieces])
    rows = np.concatenate([terms.texts + start for start, terms in pieces])
    checkpoint()
    there, _, columns = distinct(every)
    checkpoint()
    counts = count_pairs(rows, columns, (n_texts, len(there)))
    if least > 1:
        often = np.flatnonzero(counts.getnnz(axis=0) >= least)
        return there[often], counts[:, often]
    return there, counts


def distinct(hashes: Hashes) -> tuple[Hashes, Places, Places]:
    """Return the different hashes, ascending, where one of each is, and which of them each is.

    Much faster than what NumPy's unique does with return_index and return_inverse.
    """
    there = np.unique(hashes)
    checkpoint()
    which = np.searchsorted(there, hashes)
    examples = np.zeros(len(there), dtype=np.int64)
    examples[which[::-1]] = np.arange(len(hashes))[::-1]
    return there, examples, which


def find(there: Hashes, hashes: Hashes) -> tuple[Places, NDArray[np.bool_]]:
    """Return where each hash is among ascending ones, and whether it is."""
    if not len(there):
        return np.zeros(len(hashes), dtype=np.int64), np.zeros(len(hashes), dtype=bool)
    places = np.minimum(np.searchsorted(there, hashes), len(there) - 1)
    return places, there[places] == hashes


def count_pairs(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> csr_matrix:
    """Return how often each pair of a row and a column occurs: float32."""
    ones = np.ones(len(rows), dtype=np.float32)
    matrix = csr_matrix((ones, (rows.astype(np.int32), columns.astype(np.int32))), shape=shape)
    matrix.sum_duplicates()
    return matrix


def _empty(rows: int, columns: int) -> csr_matrix:
    return csr_matrix((rows, columns), dtype=np.float32)
