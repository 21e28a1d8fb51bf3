"""Latent semantic analysis: TF-IDF of words and their parts, by its leading singular vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, identity

from ecomsql.errors import ModelError
from ecomsql.features.tf_idf import weighted, with_unit_rows
from ecomsql.models.embedder import Embedder, Vectors, unit
from ecomsql.models.sparse_chain import SparseChain
from ecomsql.models.term_weights import TermWeights
from ecomsql.models.truncated_svd import right_singular_vectors

REMEMBERED = 20_000_000
"""Characters of texts up to which their vectors are kept for the query that learned from them."""
PARTS = 0.5
"""Weight of a word's parts, all together, where the word itself has 1."""
ITERATIONS = 1
"""Of the subspace iteration: more make the decomposition more exact, not the neighbours better."""
HALF = np.float16
"""How vectors are stored: they are never above 1 by much, and searches read the whole model."""
POWER = 0.5
"""How much the singular values count in a vector: 1 as they are, 0 all alike."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The place of each text that was learned from, and their vectors."""

    places: dict[str, int]
    vectors: Vectors


class Model(Embedder):
    """Deerwester et al., "Indexing by latent semantic analysis", 1990, with parts of words.

    A text is the sum of its terms, each ``(1 + log(times)) * idf`` long (sublinear TF-IDF), and a
    word points along its own axis and, half as long, those of its sequences of three to five
    characters, by which a word that was not seen in training is placed too. What is kept are the
    leading right singular vectors of this matrix, by a randomised decomposition.
    """

    method = "tfidf_svd"

    def __init__(self, weights: TermWeights, vectors: Vectors, parts: Vectors) -> None:
        self.weights = weights
        self.vectors = vectors
        self.parts = parts
        self.dims = vectors.shape[1]
        self.seen: Seen | None = None

    @classmethod
    def fit(cls, texts: Sequence[str], *, dims: int, seed: int) -> Self:
        """Decompose the TF-IDF of texts."""
        weights, counts, kin, pieces = TermWeights.fit(texts)
        rows = with_unit_rows(weighted(counts, weights.idf))
        wide = hstack([identity(len(weights), np.float32, "csr"), PARTS * kin], "csr")
        chain = SparseChain(rows, wide)
        axes, values = right_singular_vectors(chain, dims, seed=seed, iterations=ITERATIONS)
        axes = axes * (values / max(values.max(initial=0), 1e-9)) ** POWER
        axes = np.pad(axes, ((0, 0), (0, dims - axes.shape[1])))
        model = cls(weights, _rounded(wide @ axes), _rounded(PARTS * axes[len(weights) :]))
        if sum(map(len, texts)) <= REMEMBERED:
            found = unit(model._sums(*weights.of_pieces(pieces)))
            model.seen = Seen(dict(zip(texts, range(len(texts)), strict=True)), found)
        return model

    def raw(self, texts: Sequence[str]) -> Vectors:
        """Return weighted sums of the terms' vectors; strange words are the sums of their parts."""
        return self._sums(*self.weights.of(texts))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of length 1; those of the texts that it learned from are still there."""
        if self.seen is None:
            return super().embed(texts)
        places = np.array([self.seen.places.get(one, -1) for one in texts], dtype=np.int64)
        found: Vectors = self.seen.vectors[places]
        new = np.flatnonzero(places < 0)
        if len(new):
            found[new] = super().embed([texts[at] for at in new.tolist()])
        return found

    def _sums(self, known: csr_matrix, strange: csr_matrix) -> Vectors:
        sums: Vectors = known @ self.vectors + strange @ self.parts
        return sums

    def familiarity(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the share of each text's squared weights that is of known terms.

        Of a word that is strange, its parts are known by half, as they weigh half.
        """
        known, strange = (_squares(one) for one in self.weights.of(texts))
        whole = known + strange
        found: NDArray[np.float64] = (known + PARTS**2 * strange) / np.where(whole > 0, whole, 1)
        return np.sqrt(found)

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""
        own = self.weights.nbytes + self.vectors.nbytes + self.parts.nbytes
        return own + (2 * self.seen.vectors.nbytes if self.seen else 0)

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the vectors of terms and of parts."""
        own = {"vectors": self.vectors.astype(HALF), "parts": self.parts.astype(HALF)}
        return own | self.weights.state(), {}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`."""
        weights = TermWeights.from_state(arrays)
        try:
            vectors, parts = arrays["vectors"], arrays["parts"]
        except KeyError as error:
            raise ModelError(f"the embedder lacks {error}") from error
        shapes = (len(weights), weights.buckets)
        sound = all(
            one.dtype == HALF and one.ndim == 2 and len(one) == rows and np.isfinite(one).all()
            for one, rows in zip((vectors, parts), shapes, strict=True)
        )
        if not sound or vectors.shape[1] != parts.shape[1]:
            raise ModelError("the arrays of the embedder do not fit together")
        return cls(weights, vectors.astype(np.float32), parts.astype(np.float32))


def _squares(rows: csr_matrix) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.asarray(
        rows.multiply(rows).sum(axis=1), dtype=np.float64
    ).ravel()
    return found


def _rounded(vectors: Vectors) -> Vectors:
    """Return vectors that lose nothing when they are stored."""
    found: Vectors = vectors.astype(HALF).astype(np.float32)
    return found
