"""A dense matrix cut down to the largest entries of each row."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from scipy.sparse import csr_matrix

from ecomsql.progress import track

ROWS = 512
"""Rows cut at once."""


def top_entries(
    block: Callable[[int, int], torch.Tensor], n_rows: int, n_columns: int, top: int
) -> csr_matrix:
    """Return the `top` entries of each row that are largest in absolute value.

    Parameters
    ----------
    block : callable
        ``block(start, stop)`` returns the rows `start` to `stop`, float32.
    n_rows, n_columns : int
    top : int
        How many to keep; zeros are never kept.

    Returns
    -------
    csr_matrix of float32, shape (n_rows, n_columns)
        Columns ascend within a row.
    """
    width = min(top, n_columns)
    columns, values, lengths = [], [], []
    for start in track(range(0, n_rows, ROWS), "cut to the largest"):
        rows = block(start, min(start + ROWS, n_rows))
        kept = torch.topk(rows.abs(), width, dim=1, sorted=False).indices.sort(dim=1).values
        value = rows.gather(1, kept)
        there = value != 0
        columns.append(kept[there].to(torch.int32).numpy())
        values.append(value[there].numpy())
        lengths.append(there.sum(dim=1).numpy())
    offsets = np.concatenate([[0], *lengths]).cumsum()
    if not columns:
        return csr_matrix((n_rows, n_columns), dtype=np.float32)
    data = (np.concatenate(values), np.concatenate(columns), offsets)
    return csr_matrix(data, shape=(n_rows, n_columns))
