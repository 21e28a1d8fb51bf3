"""Inner products of two tables of factors at the entries of a sparse matrix."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from ecomsql.features.interactions import Ints, Longs

ENTRIES = 2**18
"""Entries that are computed at once."""


def products(
    left: torch.Tensor, right: torch.Tensor, offsets: Longs, columns: Ints
) -> Iterator[tuple[slice, torch.Tensor]]:
    """Yield parts of the entries and their products.

    Parameters
    ----------
    left, right : float32 tensor, shape (n_rows, factors) and (n_columns, factors)
    offsets, columns : int64 array, shape (n_rows + 1,), and int32 array, shape (n,)
        The sparse matrix by rows.

    Yields
    ------
    part : slice
        Of the ``n`` entries.
    products : float32 tensor
        One for each of them.
    """
    rows = np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))
    for start in range(0, len(rows), ENTRIES):
        part = slice(start, start + ENTRIES)
        mine = left.index_select(0, torch.tensor(rows[part]))
        yours = right.index_select(0, torch.tensor(columns[part]))
        yield part, mine.mul_(yours).sum(1)
