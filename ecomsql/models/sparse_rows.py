"""Rows of a sparse matrix as Torch multiplies them."""

from __future__ import annotations

import functools
import warnings

import torch
from scipy.sparse import csr_matrix


class SparseRows:
    """Where a sparse matrix has entries, for products of two kinds.

    Parameters
    ----------
    matrix : csr_matrix of float32, shape (m, n)
        Each row without repeated columns.
    """

    def __init__(self, matrix: csr_matrix) -> None:
        _warned()
        self.shape = matrix.shape
        self.offsets = torch.from_numpy(matrix.indptr)
        self.columns = torch.from_numpy(matrix.indices)
        self.values = torch.from_numpy(matrix.data)
        self._tensor = self._with(self.values)

    def products(self, left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
        """Return the inner product of a row of `left` and one of `right` for each entry.

        Parameters
        ----------
        left : float32 tensor, shape (m, k)
        right : float32 tensor, shape (n, k)

        Returns
        -------
        float32 tensor, shape (entries,)
        """
        filled = torch.sparse.sampled_addmm(self._tensor, left, right.T, beta=0.0)
        found: torch.Tensor = filled.values()
        return found

    def times(self, values: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
        """Return the product with `right`, (n, k), of the matrix that has `values`, (m, k)."""
        found: torch.Tensor = self._with(values) @ right
        return found

    def _with(self, values: torch.Tensor) -> torch.Tensor:
        return torch.sparse_csr_tensor(
            self.offsets, self.columns, values, self.shape, check_invariants=False
        )


@functools.cache
def _warned() -> None:
    """Let Torch say once, unheard, that its sparse matrices are in beta."""
    empty = torch.zeros(2, dtype=torch.int32), torch.zeros(0, dtype=torch.int32), torch.zeros(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.sparse_csr_tensor(*empty, (1, 1), check_invariants=False)
