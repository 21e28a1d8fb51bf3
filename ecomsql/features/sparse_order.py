"""An order of the rows of a sparse matrix that depends on what they hold, not on how they came."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ecomsql.features.row_order import row_hashes


def sparse_row_hashes(matrix: csr_matrix, *, seed: int) -> NDArray[np.uint64]:
    """Return a number of each row that follows from the entries that it has.

    Parameters
    ----------
    matrix : csr_matrix, shape (m, n)
        Without entries that are 0 or there twice.
    seed : int
        Another seed gives other numbers.
    """
    columns = [matrix.indices.astype(np.float64), matrix.data.astype(np.float64)]
    # Sums wrap around, as the differences do, so that they are those of each row.
    sums = np.concatenate([[np.uint64(0)], np.cumsum(row_hashes(columns, seed=seed))])
    rows: NDArray[np.uint64] = sums[matrix.indptr[1:]] - sums[matrix.indptr[:-1]]
    return rows


def sparse_row_order(matrix: csr_matrix, *, seed: int) -> NDArray[np.int64]:
    """Return the places of rows in an order that looks random and follows their content.

    Equal rows are next to each other, so that any order of the same rows gives the same sequence.
    """
    return np.argsort(sparse_row_hashes(matrix, seed=seed), kind="stable")
