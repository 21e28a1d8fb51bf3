"""A table as what dense networks and linear models take: standardised numbers and codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ecomsql.errors import ModelError
from ecomsql.features.table import Matrix, Table

KNOTS = 64
"""Quantiles that the normal scores of a column go through."""
FAR = 3.0
"""Normal score of the least and the greatest value that was seen."""


@dataclass(frozen=True, eq=False)
class DenseInputs:
    """How the columns of a table become inputs.

    Numbers become normal scores (van der Waerden, 1952) through the quantiles of the training
    rows: no unit, no outlier is left, and what lies beyond the seen range stays at its edge. Where
    values were missing, they become 0 and a second input says so. Categories become codes: 0 is
    missing, and of those that training never had too.

    Attributes
    ----------
    knots, heights : float64 arrays, shape (n_numbers, KNOTS)
        Values and their normal scores.
    gaps : bool array, shape (n_numbers,)
        Whether values were missing.
    sizes : tuple of int
        As of :class:`~ecomsql.features.table.Table`.
    """

    knots: Matrix
    heights: Matrix
    gaps: NDArray[np.bool_]
    sizes: tuple[int, ...]

    @classmethod
    def fit(cls, table: Table) -> Self:
        """Learn the quantiles of the numbers."""
        numbers = table.values[:, [at for at, size in enumerate(table.sizes) if not size]]
        knots = np.zeros((numbers.shape[1], KNOTS))
        heights = np.zeros_like(knots)
        for at in range(numbers.shape[1]):
            knots[at], heights[at] = _scores(numbers[:, at])
        gaps = np.asarray(np.isnan(numbers).any(axis=0), dtype=np.bool_)
        return cls(knots, heights, gaps, table.sizes)

    @property
    def numbers(self) -> list[int]:
        """Columns of the table that are numbers."""
        return [at for at, size in enumerate(self.sizes) if not size]

    @property
    def categories(self) -> list[int]:
        """Columns of the table that are categories."""
        return [at for at, size in enumerate(self.sizes) if size]

    @property
    def owners(self) -> NDArray[np.int64]:
        """For each dense input, the column of the table that it is of."""
        numbers = np.array(self.numbers, dtype=np.int64)
        return np.concatenate([numbers, numbers[self.gaps]])

    def dense(self, table: Table) -> Matrix:
        """Return the numbers and the signs of missing ones, shape (n_rows, len(owners))."""
        numbers = table.values[:, self.numbers]
        scores = np.empty_like(numbers)
        for at in range(numbers.shape[1]):
            scores[:, at] = np.interp(numbers[:, at], self.knots[at], self.heights[at])
        missing = np.isnan(numbers)
        scores[missing] = 0.0
        return np.concatenate([scores, missing[:, self.gaps].astype(np.float64)], axis=1)

    def codes(self, table: Table) -> NDArray[np.int64]:
        """Return the codes of the categories from 1, 0 for missing: (n_rows, n_categories)."""
        codes = table.values[:, self.categories]
        found: NDArray[np.int64] = np.where(np.isnan(codes), 0, codes + 1).astype(np.int64)
        return found

    def state(self) -> dict[str, np.ndarray]:
        """Return arrays from which :meth:`from_state` restores it."""
        return {
            "inputs.knots": self.knots,
            "inputs.heights": self.heights,
            "inputs.gaps": self.gaps.astype(np.uint8),
            "inputs.sizes": np.array(self.sizes, dtype=np.int64),
        }

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray]) -> Self:
        """Restore from :meth:`state`; raise ModelError if anything does not fit."""
        try:
            knots, heights = arrays["inputs.knots"], arrays["inputs.heights"]
            gaps, sizes = arrays["inputs.gaps"], arrays["inputs.sizes"]
        except KeyError as error:
            raise ModelError(f"the model lacks {error}") from error
        plain = int((sizes == 0).sum())
        sound = (
            knots.shape == heights.shape == (plain, KNOTS)
            and gaps.shape == (plain,)
            and sizes.ndim == 1
            and bool(np.isfinite(knots).all() and np.isfinite(heights).all())
        )
        if not sound:
            raise ModelError("the model's inputs are damaged")
        return cls(knots, heights, gaps.astype(bool), tuple(int(one) for one in sizes))


def _scores(values: Matrix) -> tuple[Any, Any]:
    """Return the knots of a column and their normal scores, with mean 0 and variance about 1."""
    there = np.sort(values[~np.isnan(values)])
    if len(there) == 0:
        return np.linspace(0.0, 1.0, KNOTS), np.zeros(KNOTS)
    share = np.linspace(0.0, 1.0, KNOTS)
    knots = np.quantile(there, share)
    # Of a value that fills many quantiles, the middle one is its score.
    first = np.searchsorted(knots, knots, side="left")
    last = np.searchsorted(knots, knots, side="right") - 1
    middle = (share[first] + share[last]) / 2
    heights = np.clip(ndtri(np.clip(middle, 1e-9, 1 - 1e-9)), -FAR, FAR)
    scored = np.interp(there, knots, heights)
    spread = scored.std()
    return knots, (heights - scored.mean()) / (spread if spread > 1e-9 else 1.0)
