"""An order of rows that depends on what they hold, not on how they came."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def row_order(columns: list[NDArray[np.float64]], *, seed: int) -> NDArray[np.int64]:
    """Return the places of rows in an order that looks random and follows their content.

    Equal rows are next to each other, so that any order of the same rows gives the same sequence.

    Parameters
    ----------
    columns : list of float64 arrays, shape (n_rows,)
        What is looked at; NaN equals NaN.
    seed : int
        Another seed gives another order.
    """
    return np.argsort(row_hashes(columns, seed=seed), kind="stable")


def row_hashes(columns: list[NDArray[np.float64]], *, seed: int) -> NDArray[np.uint64]:
    """Return a number of each row that follows from what it holds; see :func:`row_order`."""
    constants = np.random.default_rng(seed).integers(1, 2**63, len(columns) + 1, dtype=np.uint64)
    hashes: NDArray[np.uint64] = np.full(len(columns[0]) if columns else 0, constants[-1])
    for column, constant in zip(columns, constants, strict=False):
        # Adding 0 makes -0 into 0; NaN may have many bit patterns.
        bits = np.where(np.isnan(column), np.nan, column + 0.0).view(np.uint64)
        hashes = _mixed(hashes ^ (bits * (constant | np.uint64(1))))
    return hashes


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter bits, by the finaliser of SplitMix64 (Steele, Lea, Flood, 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
