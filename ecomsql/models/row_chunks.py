"""Rows of a sparse matrix in chunks of like length, padded to dense blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from ecomsql.features.interactions import Floats, Ints, Longs


@dataclass(frozen=True, slots=True, eq=False)
class Sparse:
    """A sparse matrix by rows.

    Attributes
    ----------
    offsets : int64 array, shape (n_rows + 1,)
        Row ``r`` has the entries ``offsets[r]:offsets[r + 1]``.
    columns : int32 array, shape (n,)
        Column of each entry, 0 to ``n_columns - 1``.
    values : tuple of float32 arrays, each of shape (n,)
        What is known of each entry.
    n_columns : int
        Width of the matrix.
    """

    offsets: Longs
    columns: Ints
    values: tuple[Floats, ...]
    n_columns: int

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.offsets) - 1

    def transposed(self) -> Sparse:
        """Return the matrix by columns; entries of a column keep the order of their rows."""
        order = np.argsort(self.columns, kind="stable")
        lengths = np.diff(self.offsets)
        rows = np.repeat(np.arange(self.n_rows, dtype=np.int32), lengths)[order]
        counts = np.bincount(self.columns, minlength=self.n_columns)
        offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Sparse(offsets, rows, tuple(v[order] for v in self.values), self.n_rows)


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Some rows as dense blocks: ``size`` rows of ``width`` entries.

    Attributes
    ----------
    rows : int64 tensor, shape (size,)
        Which rows these are.
    columns : int32 tensor, shape (size, width)
        Columns, padded with ``n_columns``: the row of zeros below a table of factors.
    values : tuple of float32 tensors, each of shape (size, width)
        Padded with the values given to :func:`chunks`.
    """

    rows: torch.Tensor
    columns: torch.Tensor
    values: tuple[torch.Tensor, ...]


def chunks(matrix: Sparse, *, entries: int, padding: tuple[float, ...]) -> Iterator[Chunk]:
    """Yield the rows that have entries, longest first.

    Parameters
    ----------
    matrix : Sparse
        Rows of any length.
    entries : int
        About how many entries a chunk holds, padding included; a longer row is a chunk alone.
    padding : tuple of float
        What fills the rows up, one for each of the matrix's values.
    """
    widths = _padded(np.diff(matrix.offsets))
    order = np.argsort(-widths, kind="stable")
    order = order[: np.count_nonzero(widths)]
    at = 0
    while at < len(order):
        width = int(widths[order[at]])
        same = int(np.searchsorted(-widths[order], -width, side="right"))
        size = max(1, entries // width)
        for start in range(at, same, size):
            yield _chunk(matrix, order[start : min(start + size, same)], width, padding)
        at = same


def _padded(lengths: Longs) -> Longs:
    """Round lengths up to one of few widths, an eighth apart; up to 16 they stay."""
    step = 2 ** np.maximum(np.floor(np.log2(np.maximum(lengths - 1, 1))).astype(np.int64) - 3, 0)
    widths: Longs = -(-lengths // step) * step
    return widths


def _chunk(matrix: Sparse, rows: Longs, width: int, padding: tuple[float, ...]) -> Chunk:
    starts, stops = matrix.offsets[rows], matrix.offsets[rows + 1]
    at = starts[:, None] + np.arange(width)
    there = at < stops[:, None]
    at = np.minimum(at, len(matrix.columns) - 1)
    columns = np.where(there, matrix.columns[at], np.int32(matrix.n_columns))
    values = tuple(
        torch.from_numpy(np.where(there, value[at], np.float32(fill)))
        for value, fill in zip(matrix.values, padding, strict=True)
    )
    return Chunk(torch.from_numpy(rows), torch.from_numpy(columns), values)
