"""The inverse of a symmetric positive definite matrix, in the matrix's own memory."""

from __future__ import annotations

import torch

from ecomsql.errors import DataError
from ecomsql.progress import checkpoint, track

BLOCK = 512
"""Pivots swept at once: wide enough for fast products, narrow enough to stop within a second."""

PANEL = 2048
"""Rows updated at once: with the lower triangle alone, half of the work is left out."""


def spd_inverse_(matrix: torch.Tensor, *, block: int = BLOCK) -> torch.Tensor:
    """Invert `matrix` in place and return it.

    The symmetric sweep operator (Goodnight 1979), a block of pivots at a time: about n^3
    floating-point operations, nearly all of them in matrix products. Beside the matrix it needs
    two n x `block` panels.

    Parameters
    ----------
    matrix : float tensor, shape (n, n)
        Symmetric positive definite; only the lower triangle is read.
    block : int
        Number of pivots swept at once.

    Raises
    ------
    DataError
        The matrix is not positive definite in its own precision.
    """
    n = len(matrix)
    for start in track(range(0, n, block), "inverse"):
        _sweep(matrix, start, min(start + block, n))
    _negate_and_mirror(matrix)
    return matrix


def _sweep(matrix: torch.Tensor, start: int, stop: int) -> None:
    """Sweep the pivots `start` to `stop`: afterwards their rows and columns hold their share."""
    pivot = _inverse_of_pivot(matrix[start:stop, start:stop])
    column = _column(matrix, start, stop)
    # Zero, so that the update leaves the pivot's own rows and columns alone.
    column[start:stop] = 0
    weighted = column @ pivot
    for top in range(0, len(matrix), PANEL):
        checkpoint()
        end = min(top + PANEL, len(matrix))
        matrix[top:end, :end].addmm_(weighted[top:end], column[:end].T, alpha=-1)
    matrix[start:stop, :start] = weighted[:start].T
    matrix[stop:, start:stop] = weighted[stop:]
    matrix[start:stop, start:stop] = -pivot


def _inverse_of_pivot(pivot: torch.Tensor) -> torch.Tensor:
    """Return the inverse of a small diagonal block, of which the lower triangle is valid."""
    factor, failed = torch.linalg.cholesky_ex(pivot)
    if failed.item() != 0:
        raise DataError("the matrix to invert is not positive definite: raise the regularization")
    # Several times as fast as torch.cholesky_inverse.
    unit = torch.eye(len(pivot), dtype=pivot.dtype)
    root: torch.Tensor = torch.linalg.solve_triangular(factor, unit, upper=False)
    return root.T @ root


def _column(matrix: torch.Tensor, start: int, stop: int) -> torch.Tensor:
    """Return the whole columns `start` to `stop`, put together from the lower triangle."""
    column = torch.empty(len(matrix), stop - start, dtype=matrix.dtype)
    column[:start] = matrix[start:stop, :start].T
    column[start:] = matrix[start:, start:stop]
    return column


def _negate_and_mirror(matrix: torch.Tensor) -> None:
    """Turn the swept lower triangle, minus the inverse, into the whole inverse."""
    for top in range(0, len(matrix), PANEL):
        checkpoint()
        end = min(top + PANEL, len(matrix))
        matrix[top:end, :end].neg_()
        matrix[:top, top:end] = matrix[top:end, :top].T
        square = matrix[top:end, top:end]
        square.copy_(square.tril() + square.tril(-1).T)
