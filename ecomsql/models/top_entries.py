"""A dense matrix, made a few rows at a time, cut down to the largest entries of each row."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_matrix

from ecomsql.features.interactions import Floats, Ints
from ecomsql.models.row_blocks import for_each_block

ROWS = 256
"""Rows cut at once, in each thread."""


def top_entries(block: Callable[[int, int], Floats], n: int, top: int) -> csr_matrix:
    """Return the `top` entries of each row that are largest in absolute value.

    Parameters
    ----------
    block : callable
        ``block(start, stop)`` returns the rows `start` to `stop`, float32; called in threads.
    n : int
        Number of rows and of columns.
    top : int
        How many to keep; zeros are never kept.

    Returns
    -------
    csr_matrix of float32, shape (n, n)
        Columns ascend within a row.
    """
    starts = range(0, n, ROWS)
    parts: dict[int, tuple[Ints, Ints, Floats]] = {}

    def work(start: int, stop: int) -> None:
        parts[start] = _largest(block(start, stop), top)

    for_each_block(work, [(start, min(start + ROWS, n)) for start in starts], "cut to the largest")
    if not parts:
        return csr_matrix((n, n), dtype=np.float32)
    lengths, columns, values = zip(*(parts[start] for start in starts), strict=True)
    offsets = np.concatenate([[0], *lengths]).cumsum()
    return csr_matrix((np.concatenate(values), np.concatenate(columns), offsets), shape=(n, n))


def _largest(rows: Floats, top: int) -> tuple[Ints, Ints, Floats]:
    """Return how many entries of each row are kept, their columns, and their values."""
    there = rows != 0
    for row in np.flatnonzero(there.sum(axis=1) > top):
        dropped = np.argpartition(np.abs(rows[row]), rows.shape[1] - top)[:-top]
        there[row, dropped] = False
    lengths = there.sum(axis=1)
    # Flat places cost a seventh of what np.nonzero takes.
    places = np.flatnonzero(there)
    values = rows.ravel()[places]
    return lengths.astype(np.int32), (places % rows.shape[1]).astype(np.int32), values
