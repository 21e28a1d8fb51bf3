"""What features add to a model's answers, and which of them matter most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecomsql.features.number_text import number_texts
from ecomsql.features.table import Matrix

DIGITS = 8
"""Figures that are written of a value, at most: what is behind them is rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """Contributions of features to the answers for some rows.

    Attributes
    ----------
    keys : DataFrame
        What each row is of.
    features : sequence of str
    values : array, shape (n_rows, n_features)
        Of the features: numbers, NaN where missing, or text, None where missing.
    contributions : float64 array, shape (n_rows, n_features)
        Without the base.
    """

    keys: pl.DataFrame
    features: list[str]
    values: NDArray[Any]
    contributions: Matrix

    def leading(self, top: int) -> Leading:
        """Return for each row the features that add or take away most, at most `top`."""
        order = leading(self.contributions, top)
        values = np.take_along_axis(self.values, order, axis=1).ravel().tolist()
        texts = values if self.values.dtype == object else number_texts(values, digits=DIGITS)
        return Leading(self.features, order, self.contributions, texts)


@dataclass(frozen=True, slots=True, eq=False)
class Leading:
    """The features of some rows that matter most, most of all first.

    Attributes
    ----------
    features : list of str
        All there are.
    order : int64 array, shape (n_rows, top)
        Places of features.
    contributions : float64 array, shape (n_rows, n_features)
        Of all.
    texts : list of (str or None), length n_rows * top
        Values, in this order.
    """

    features: list[str]
    order: NDArray[np.int64]
    contributions: Matrix
    texts: list[str | None]


def leading(contributions: Matrix, top: int) -> NDArray[np.int64]:
    """Return the places of the `top` contributions of each row that are largest either way."""
    most = min(top, contributions.shape[1])
    return np.argsort(-np.abs(contributions), axis=1, kind="stable")[:, :most]
