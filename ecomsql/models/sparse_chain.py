"""The product of two sparse matrices, never multiplied out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix


@dataclass(frozen=True, slots=True, eq=False)
class SparseChain:
    """``left @ right``, which would have many more entries than both.

    Examples
    --------
    >>> eye = csr_matrix(np.eye(2, dtype=np.float32))
    >>> chain = SparseChain(eye, 2 * eye)
    >>> (chain @ np.ones((2, 1), dtype=np.float32)).ravel().tolist(), chain[0:1].T.shape
    ([2.0, 2.0], (2, 1))
    """

    left: csr_matrix
    right: csr_matrix

    @property
    def shape(self) -> tuple[int, int]:
        """Rows of `left`, columns of `right`."""
        return self.left.shape[0], self.right.shape[1]

    @property
    def T(self) -> SparseChain:
        """The product transposed."""
        return SparseChain(self.right.T, self.left.T)

    def __getitem__(self, rows: slice) -> SparseChain:
        return SparseChain(self.left[rows], self.right)

    def __matmul__(self, dense: np.ndarray) -> Any:
        return self.left @ (self.right @ dense)
