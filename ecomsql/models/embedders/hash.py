"""Vectors by hashing: nothing is learned, and the same text has the same vector everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_matrix

from ecomsql.features.character_kinds import LETTER
from ecomsql.features.stop_words import stop_hashes
from ecomsql.features.subwords import subwords_of
from ecomsql.features.text_counts import Vocabulary
from ecomsql.features.text_terms import Terms, terms_of
from ecomsql.features.text_units import Places, Units, chunks, units_of
from ecomsql.models.embedder import Embedder, Vectors
from ecomsql.models.sign_vectors import sign_vectors

IDEOGRAPHS = 3
"""Ideographs in a sequence, at most."""
STOPPED = 0.1
"""Weight of words that tell little."""
CHARACTERS = 60_000
"""Of texts looked at at once."""
BLOCK = 65_536
"""Terms whose vectors are held at once."""


class Model(Embedder):
    """Signed hashing of words, their parts and sequences of ideographs, and a random projection.

    A term counts ``1 + log(times)``. See :func:`~ecomsql.models.sign_vectors.sign_vectors`; a word
    is its own random vector and, with equal weight, those of its parts.
    """

    method = "hash"
    learns = False

    def __init__(self, dims: int) -> None:
        self.dims = dims

    @classmethod
    def fit(cls, texts: Sequence[str], *, dims: int, seed: int) -> Self:
        """Return the model; neither the texts nor the seed change it."""
        return cls(dims)

    def raw(self, texts: Sequence[str]) -> Vectors:
        """Return weighted sums of the terms' vectors."""
        parts = [self._sums(piece) for _, piece in chunks(texts, size=CHARACTERS)]
        return np.concatenate([np.zeros((0, self.dims), np.float32), *parts])

    def _sums(self, texts: Sequence[str]) -> Vectors:
        units = units_of(texts)
        terms = terms_of(units, ideographs=IDEOGRAPHS)
        there, examples = np.unique(terms.hashes, return_index=True)
        if len(there) > BLOCK and len(texts) > 1:
            # Blocks are for one long text alone: so a sum never depends on the texts beside it.
            middle = len(texts) // 2
            return np.concatenate([self._sums(texts[:middle]), self._sums(texts[middle:])])
        counts = Vocabulary(there, 1, IDEOGRAPHS).counted(terms)
        weights = np.where(np.isin(there, stop_hashes()), np.float32(STOPPED), np.float32(1))
        counts.data = (1 + np.log(counts.data)) * weights[counts.indices]
        sums = np.zeros((len(texts), self.dims), dtype=np.float32)
        for start in range(0, len(there), BLOCK):
            some = slice(start, start + BLOCK)
            sums += (counts[:, some] @ self._vectors(units, terms, examples[some])).toarray()
        return sums

    def _vectors(self, units: Units, terms: Terms, examples: Places) -> csr_matrix:
        """Return the vectors of the terms of which `examples` are occurrences: they are sparse."""
        firsts = terms.firsts[examples]
        words = np.flatnonzero(units.kinds[firsts] == LETTER)
        owners, hashes = subwords_of(units, firsts[words])
        lengths = np.zeros(len(examples), dtype=np.int64)
        lengths[words] = np.bincount(owners, minlength=len(words))
        scale = np.repeat((2 * np.maximum(lengths, 1)) ** -0.5, lengths).astype(np.float32)
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        order = np.argsort(owners, kind="stable")
        parts = csr_matrix((scale, order, bounds), shape=(len(examples), len(owners)))
        alone = np.where(lengths > 0, np.float32(0.5**0.5), np.float32(1))
        own = sign_vectors(terms.hashes[examples], self.dims)
        own.data *= np.repeat(alone, np.diff(own.indptr))
        return own + parts @ sign_vectors(hashes, self.dims)

    @property
    def nbytes(self) -> int:
        """Return next to nothing."""
        return 100

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the length of the vectors."""
        return {}, {"dims": self.dims}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`."""
        return cls(values["dims"])
