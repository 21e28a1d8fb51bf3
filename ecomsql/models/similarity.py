"""How alike the rows of a sparse matrix are: cosine, Pearson, Euclidean, Jaccard, BM25."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ecomsql.errors import OptionError, did_you_mean, listed

Doubles = NDArray[np.float64]

SIMILARITIES = ("bm25", "cosine", "euclidean", "jaccard", "pearson")
K1 = 1.2


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """Rows made ready: their dot products and statistics give the similarity.

    Attributes
    ----------
    rows : csr_matrix, shape (n, n_features)
    statistics : float64 array, shape (n, 2)
        What the formula needs to know of a row: its size, its norm, its mean.
    """

    rows: csr_matrix
    statistics: Doubles

    def part(self, start: int, stop: int) -> Vectors:
        """Return the rows `start` to `stop`."""
        return Vectors(self.rows[start:stop], self.statistics[start:stop])


@dataclass(frozen=True, slots=True, eq=False)
class Similarity:
    """A similarity between rows, with what it learned of the rows it was fitted on.

    Only rows that share a feature are compared: others have nothing in common to tell by.
    """

    name: str
    features: int
    rarity: Doubles
    mean_size: float
    length_penalty: float

    @classmethod
    def fit(cls, name: str, rows: csr_matrix, *, length_penalty: float) -> Similarity:
        """Learn how rare a feature is, and the mean row sum.

        Parameters
        ----------
        name : str
            One of ``SIMILARITIES``.
        rows : csr_matrix, shape (n, n_features)
            Values above 0.
        length_penalty : float
            BM25's ``b``, 0 to 1: how much its length is held against a row.
        """
        n, features = rows.shape
        frequency = np.bincount(rows.indices, minlength=features)
        # Lucene's form of BM25's inverse document frequency, which is never negative.
        rarity = np.log1p((n - frequency + 0.5) / (frequency + 0.5))
        mean_size = float(rows.data.sum(dtype=np.float64) / max(n, 1))
        return cls(name, features, rarity, mean_size, length_penalty)

    def vectors(self, rows: csr_matrix) -> Vectors:
        """Return `rows`, shape (n, n_features), with values above 0, made ready."""
        return WEIGHTINGS[self.name](self, rows)

    def values(self, dots: Doubles, left: Doubles, right: Doubles) -> Doubles:
        """Return similarities from dot products and both sides' statistics, shape (n, 2) each."""
        return FORMULAS[self.name](dots, left, right, self.features)

    def block(self, left: Vectors, right: Vectors, transposed: csr_matrix) -> csr_matrix:
        """Return float32 similarities of all rows of `left` to those of `right` (given T too)."""
        dots = left.rows @ transposed
        if self.name in PLAIN:
            return dots.astype(np.float32, copy=False)
        at = np.repeat(np.arange(dots.shape[0]), np.diff(dots.indptr))
        data = self.values(dots.data, left.statistics[at], right.statistics[dots.indices])
        return with_values(dots, data.astype(np.float32))

    def of_itself(self, vectors: Vectors) -> NDArray[np.float32]:
        """Return the similarity of each row to itself, shape (n,)."""
        dots = _sums(vectors.rows, vectors.rows.data.astype(np.float64) ** 2)
        return self.values(dots, vectors.statistics, vectors.statistics).astype(np.float32)


def check_similarity(name: str, default: str) -> str:
    """Return `name`, or `default` for ``'auto'``; an unknown name is an OptionError."""
    if name == "auto":
        return default
    if name not in SIMILARITIES:
        allowed = listed(["auto", *SIMILARITIES])
        hint = did_you_mean(str(name), ["auto", *SIMILARITIES])
        raise OptionError(f"similarity is one of {allowed}, not '{name}'{hint}")
    return name


def with_values(rows: csr_matrix, values: NDArray[np.number]) -> csr_matrix:
    """Return a matrix of the same entries with other values."""
    return csr_matrix((values, rows.indices, rows.indptr), shape=rows.shape)


def _row_of_entries(rows: csr_matrix) -> NDArray[np.int64]:
    return np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))


def _sums(rows: csr_matrix, values: NDArray[np.floating]) -> Doubles:
    """Return the sum over each row of `values`, one an entry, shape (n,)."""
    at = _row_of_entries(rows)
    return np.bincount(at, weights=values, minlength=rows.shape[0]).astype(np.float64)


def _nothing(rows: csr_matrix) -> Doubles:
    return np.zeros((rows.shape[0], 2))


def _cosine(_: Similarity, rows: csr_matrix) -> Vectors:
    norms = np.sqrt(_sums(rows, rows.data.astype(np.float64) ** 2))
    scaled = rows.data / np.maximum(norms, 1e-300)[_row_of_entries(rows)]
    return Vectors(with_values(rows, scaled.astype(np.float32)), _nothing(rows))


def _bm25(fitted: Similarity, rows: csr_matrix) -> Vectors:
    """Weigh as BM25 does (Robertson and Walker, 1994): long rows less, rare features more."""
    relative = _sums(rows, rows.data) / max(fitted.mean_size, 1e-300)
    b = fitted.length_penalty
    damping = K1 * (1 - b + b * relative)[_row_of_entries(rows)]
    saturated = rows.data * (K1 + 1) / (damping + rows.data)
    return Vectors(
        with_values(rows, (saturated * fitted.rarity[rows.indices]).astype(np.float32)),
        _nothing(rows),
    )


def _jaccard(_: Similarity, rows: csr_matrix) -> Vectors:
    sizes: Doubles = np.diff(rows.indptr).astype(np.float64)
    return Vectors(
        with_values(rows, np.ones(rows.nnz, dtype=np.float32)), np.stack([sizes, sizes], axis=1)
    )


def _euclidean(_: Similarity, rows: csr_matrix) -> Vectors:
    squares = _sums(rows, rows.data.astype(np.float64) ** 2)
    return Vectors(
        with_values(rows, rows.data.astype(np.float64)), np.stack([squares, squares], axis=1)
    )


def _pearson(fitted: Similarity, rows: csr_matrix) -> Vectors:
    mean = _sums(rows, rows.data) / fitted.features
    squares = _sums(rows, rows.data.astype(np.float64) ** 2)
    spread = np.sqrt(np.maximum(squares - fitted.features * mean**2, 0))
    return Vectors(
        with_values(rows, rows.data.astype(np.float64)), np.stack([mean, spread], axis=1)
    )


def _dot(dots: Doubles, left: Doubles, right: Doubles, features: int) -> Doubles:
    return dots


def _shared(dots: Doubles, left: Doubles, right: Doubles, features: int) -> Doubles:
    union: Doubles = left[:, 0] + right[:, 0] - dots
    return dots / np.maximum(union, 1)


def _nearness(dots: Doubles, left: Doubles, right: Doubles, features: int) -> Doubles:
    squared = np.maximum(left[:, 0] + right[:, 0] - 2 * dots, 0)
    nearness: Doubles = 1 / (1 + np.sqrt(squared))
    return nearness


def _correlation(dots: Doubles, left: Doubles, right: Doubles, features: int) -> Doubles:
    """Return Pearson's r over all features, 0 where one side is constant."""
    covariance = dots - features * left[:, 0] * right[:, 0]
    spread = left[:, 1] * right[:, 1]
    r: Doubles = np.divide(covariance, spread, out=np.zeros_like(dots), where=spread > 1e-12)
    return r


Weighting = Callable[[Similarity, csr_matrix], Vectors]
Formula = Callable[[Doubles, Doubles, Doubles, int], Doubles]

WEIGHTINGS: dict[str, Weighting] = {
    "bm25": _bm25,
    "cosine": _cosine,
    "euclidean": _euclidean,
    "jaccard": _jaccard,
    "pearson": _pearson,
}
FORMULAS: dict[str, Formula] = {
    "bm25": _dot,
    "cosine": _dot,
    "euclidean": _nearness,
    "jaccard": _shared,
    "pearson": _correlation,
}
PLAIN = frozenset(name for name, formula in FORMULAS.items() if formula is _dot)
