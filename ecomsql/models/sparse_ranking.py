"""The best k of each row of a sparse matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ecomsql.features.interactions import Floats, Ints, Longs
from ecomsql.models.row_blocks import for_each_block, row_blocks

Block = Callable[[int, int], csr_matrix]
"""Gives the float32 values of the rows `start` to `stop`."""
LOW = (1 << 31) - 1
EMPTY = np.iinfo(np.int64).min
BUCKETS = 3
"""Widths for every doubling of a row's length: padding wastes a tenth on average."""


def best_of_blocks(block: Block, costs: Longs, k: int, label: str) -> tuple[Ints, Floats]:
    """Return what :func:`top_k_sparse` does, for rows that are made a block at a time.

    Parameters
    ----------
    block : callable
        ``block(start, stop)`` returns the rows `start` to `stop`.
    costs : int64 array, shape (n_rows,)
        Products that each row takes.
    k : int
        How many.
    label : str
        Name of the work, for the progress bar.
    """
    columns = np.full((len(costs), k), -1, dtype=np.int32)
    values = np.zeros((len(costs), k), dtype=np.float32)

    def work(start: int, stop: int) -> None:
        columns[start:stop], values[start:stop] = top_k_sparse(block(start, stop), k)

    for_each_block(work, row_blocks(costs), label)
    return columns, values


def top_k_sparse(matrix: csr_matrix, k: int) -> tuple[Ints, Floats]:
    """Return the k best entries of each row, best first.

    A value and its column make one integer, so that rows are ranked by integers alone: no ties,
    and no second array to carry along. Rows of about the same length are ranked together.

    Parameters
    ----------
    matrix : csr_matrix of float32, shape (n_rows, n_columns)
        Columns within a row may come in any order, each once. ``-inf`` marks an entry that is not
        to be given; no value is NaN.
    k : int
        How many.

    Returns
    -------
    columns : int32 array, shape (n_rows, k)
        -1 where the row has no further entry. Equal values come in the order of their columns.
    values : float32 array, same shape
        0 where the column is -1.
    """
    best = np.full((matrix.shape[0], k), EMPTY, dtype=np.int64)
    if k == 0:
        return _columns_and_values(best)
    keys = _keys(matrix.data, matrix.indices)
    for rows, width in _buckets(np.diff(matrix.indptr)):
        found = _best(_padded(keys, matrix.indptr, rows, width), k)
        best[rows, : found.shape[1]] = found
    return _columns_and_values(best)


def _keys(values: Floats, columns: Ints) -> Longs:
    """Return integers that sort as the values do, and equal values from the last column on."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.int32)
    ordered = (bits ^ ((bits >> 31) & LOW)).astype(np.int64)
    ordered <<= 32
    ordered |= LOW - columns
    return ordered


def _columns_and_values(keys: Longs) -> tuple[Ints, Floats]:
    """Undo :func:`_keys`."""
    ordered = (keys >> 32).astype(np.int32)
    values: Floats = (ordered ^ ((ordered >> 31) & np.int32(LOW))).view(np.float32)
    columns = (LOW - (keys & 0xFFFFFFFF)).astype(np.int32)
    nothing = (keys == EMPTY) | np.isneginf(values)
    columns[nothing] = -1
    values[nothing] = 0.0
    return columns, values


def _buckets(lengths: NDArray[np.integer]) -> Iterator[tuple[Longs, int]]:
    """Yield rows of about the same length, and the longest length among them."""
    filled = np.flatnonzero(lengths)
    if len(filled) == 0:
        return
    sizes = np.ceil(np.log2(lengths[filled]) * BUCKETS).astype(np.int64)
    order = np.argsort(sizes, kind="stable")
    for rows in np.split(filled[order], np.flatnonzero(np.diff(sizes[order])) + 1):
        yield rows, int(lengths[rows].max())


def _padded(keys: Longs, offsets: NDArray[np.integer], rows: Longs, width: int) -> Longs:
    """Return the keys of `rows`, filled up with ``EMPTY``, shape (len(rows), width)."""
    starts, stops = offsets[rows], offsets[rows + 1]
    at = starts[:, None] + np.arange(width, dtype=offsets.dtype)
    padded = np.take(keys, at, mode="clip")
    padded[at >= stops[:, None]] = EMPTY
    return padded


def _best(block: Longs, k: int) -> Longs:
    """Return the k largest of each row, largest first."""
    width = block.shape[1]
    if width > k:
        block.partition(width - k, axis=1)
        block = block[:, width - k :]
    block.sort(axis=1)
    return block[:, ::-1]
