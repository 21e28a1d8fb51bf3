"""The nearest neighbours of every row, found a block of rows at a time."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from ecomsql.features.interactions import Floats, Ints, Longs
from ecomsql.models.sparse_ranking import Block, best_of_blocks, top_k_sparse


def nearest(
    block: Block, costs: Longs, k: int, *, exclude_self: bool, label: str
) -> tuple[Ints, Floats]:
    """Return the k rows most similar to each; only similarities above 0 make a neighbour.

    Parameters
    ----------
    block : callable
        ``block(start, stop)`` returns float32 similarities, shape (stop - start, n).
    costs : int64 array, shape (n_rows,)
        Products that each row takes.
    k : int
        Neighbours of a row.
    exclude_self : bool
        Whether row and column of the same number are the same thing.
    label : str
        Name of the work, for the progress bar.

    Returns
    -------
    neighbours : int32 array, shape (n_rows, k)
        Nearest first, equal ones by number; -1 where there is none.
    similarity : float32 array, same shape
    """

    def positive(start: int, stop: int) -> csr_matrix:
        found = block(start, stop)
        found.data[~(found.data > 0)] = -np.inf
        if exclude_self:
            rows = np.repeat(np.arange(start, stop), np.diff(found.indptr))
            found.data[found.indices == rows] = -np.inf
        return found

    return best_of_blocks(positive, costs, k, label)


def keep_nearest(similarity: csr_matrix, k: int) -> csr_matrix:
    """Return the k largest of each row of `similarity` that are above 0, where they were.

    Takes no more memory than `similarity` does, whatever k.
    """
    lengths = np.diff(similarity.indptr)
    least = np.zeros(len(lengths), dtype=np.float32)
    last = np.full(len(lengths), -1, dtype=np.int32)
    long = np.flatnonzero(lengths > k)
    if len(long):
        columns, values = top_k_sparse(similarity[long], k)
        least[long] = np.maximum(values[:, -1], 0)
        last[long] = np.where(values[:, -1] > 0, columns[:, -1], -1)
    rows = np.repeat(np.arange(len(lengths)), lengths)
    data, columns = similarity.data, similarity.indices
    kept = (data > least[rows]) | ((data == least[rows]) & (columns <= last[rows]))
    offsets = np.concatenate([[0], np.cumsum(kept)])[similarity.indptr]
    return csr_matrix((data[kept], columns[kept], offsets), shape=similarity.shape)


def neighbour_matrix(neighbours: Ints, similarity: Floats, n: int) -> csr_matrix:
    """Return neighbours as a sparse matrix, shape (n_rows, n); each row nearest first."""
    there = neighbours >= 0
    indptr = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    shape = (len(neighbours), n)
    return csr_matrix((similarity[there], neighbours[there], indptr), shape=shape)
