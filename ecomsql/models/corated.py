"""How alike two rows of ratings are, judged by what both have rated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ecomsql.errors import OptionError, listed
from ecomsql.models.similarity import Doubles, with_values

ENOUGH = 50
"""Co-rated features from which a similarity counts in full (Herlocker et al., 1999)."""


@dataclass(frozen=True, slots=True, eq=False)
class CoRated:
    """Sums over the features that both rows of a pair have rated, one value a pair."""

    n: Doubles
    x: Doubles
    y: Doubles
    xx: Doubles
    yy: Doubles
    xy: Doubles


@dataclass(frozen=True, slots=True, eq=False)
class RatingSimilarity:
    """Similarity of the rows of `left`, shape (n, n_features), to the columns of `right`.

    Similarities are weighted by significance, ``min(n, 50) / 50`` for `n` co-rated features, as
    in Herlocker, Konstan, Borchers and Riedl, "An algorithmic framework for performing
    collaborative filtering" (1999): two rows that agree on one feature are not yet alike.
    """

    name: str
    left: csr_matrix
    right: csr_matrix

    @property
    def right_sizes(self) -> Doubles:
        """Ratings of each column, shape (m,)."""
        return np.bincount(self.right.indices, minlength=self.right.shape[1]).astype(np.float64)

    def block(self, start: int, stop: int) -> csr_matrix:
        """Return float32 similarities of the rows `start` to `stop` to all, sparse."""
        left = self.left[start:stop]
        sums, indices, indptr = co_rated_sums(left, self.right)
        rows = np.repeat(np.arange(stop - start), np.diff(indptr))
        sizes = np.diff(left.indptr).astype(np.float64)[rows], self.right_sizes[indices]
        with np.errstate(divide="ignore", invalid="ignore"):
            values = RATING_FORMULAS[self.name](sums, *sizes)
        # 0 / 0: a side that does not vary says nothing.
        values[~np.isfinite(values)] = 0
        values *= np.minimum(sums.n, ENOUGH) / ENOUGH
        shape = (stop - start, self.right.shape[1])
        return csr_matrix((values.astype(np.float32), indices, indptr), shape=shape)


def check_rating_similarity(name: str, default: str) -> str:
    """Return `name`, or `default` for ``'auto'``; one that ratings do not have is an error."""
    if name == "auto":
        return default
    if name not in RATING_FORMULAS:
        allowed = listed(["auto", *sorted(RATING_FORMULAS)])
        raise OptionError(f"with feedback 'explicit', similarity is one of {allowed}, not '{name}'")
    return name


def co_rated_sums(
    left: csr_matrix, right: csr_matrix
) -> tuple[CoRated, NDArray[np.int32], NDArray[np.int32]]:
    """Return the sums of each pair with a common feature, and the pairs' columns and offsets.

    `left` has a row, `right` a column for each of what is compared.

    Sparse products leave out sums that happen to be 0. Each product here is of complex numbers
    whose imaginary part is always above 0, so that all three have the same pairs in the same
    order.
    """
    shift = 1 + max(np.abs(left.data).max(initial=0), np.abs(right.data).max(initial=0))
    x, y = left.data.astype(np.float64), right.data.astype(np.float64)
    both = with_values(left, x + 1j) @ with_values(right, y + shift)
    of_x = with_values(left, x**2 + 1j * (x + shift)) @ with_values(right, np.ones_like(y))
    of_y = with_values(left, np.ones_like(x)) @ with_values(right, y**2 + 1j)
    n = of_y.data.imag
    sum_x, sum_y = of_x.data.imag - shift * n, both.data.imag - shift * n
    xy = both.data.real - shift * sum_x
    sums = CoRated(n, sum_x, sum_y, of_x.data.real, of_y.data.real, xy)
    return sums, both.indices, both.indptr


def _cosine(s: CoRated, left: Doubles, right: Doubles) -> Doubles:
    values: Doubles = s.xy / np.sqrt(s.xx * s.yy)
    return values


def _pearson(s: CoRated, left: Doubles, right: Doubles) -> Doubles:
    spread_x, spread_y = s.n * s.xx - s.x**2, s.n * s.yy - s.y**2
    # A spread of rounding errors alone is none.
    varies = (spread_x > 1e-9 * s.n * s.xx) & (spread_y > 1e-9 * s.n * s.yy)
    r = (s.n * s.xy - s.x * s.y) / np.sqrt(spread_x * spread_y)
    return np.where(varies, r, 0.0)


def _euclidean(s: CoRated, left: Doubles, right: Doubles) -> Doubles:
    values: Doubles = 1 / (1 + np.sqrt(np.maximum(s.xx + s.yy - 2 * s.xy, 0)))
    return values


def _jaccard(s: CoRated, left: Doubles, right: Doubles) -> Doubles:
    values: Doubles = s.n / (left + right - s.n)
    return values


RATING_FORMULAS: dict[str, Callable[[CoRated, Doubles, Doubles], Doubles]] = {
    "cosine": _cosine,
    "euclidean": _euclidean,
    "jaccard": _jaccard,
    "pearson": _pearson,
}
