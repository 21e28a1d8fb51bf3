"""The leading right singular vectors of a large sparse matrix."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from scipy.sparse import csr_matrix

from ecomsql.features.interactions import Floats
from ecomsql.models.sparse_chain import SparseChain
from ecomsql.progress import checkpoint, track

ROWS = 1 << 16
"""Rows multiplied at once: a dense block of 65,536 x (factors + OVERSAMPLING)."""
OVERSAMPLING = 32
"""Directions beyond those asked for, which make these more exact."""
ITERATIONS = 6
"""Power iterations."""


def right_singular_vectors(
    matrix: csr_matrix | SparseChain, factors: int, *, seed: int, iterations: int = ITERATIONS
) -> tuple[Floats, Floats]:
    """Return the leading right singular vectors of `matrix` and their singular values.

    A randomised subspace iteration (Halko, Martinsson and Tropp, "Finding structure with
    randomness", 2011, algorithm 4.4) on the side of the columns, so that nothing with as many
    rows as the matrix is ever dense at once.

    Parameters
    ----------
    matrix : csr_matrix of float32, or SparseChain, shape (m, n)
    factors : int
        How many; no more than ``min(m, n)`` come back.
    seed : int
    iterations : int
        Each brings the span nearer to the exact one, and costs two products with the matrix.

    Returns
    -------
    vectors : float32 array, shape (n, k)
        Orthonormal columns, by falling singular value; the largest entry of each is positive.
    values : float32 array, shape (k,)
    """
    n = matrix.shape[1]
    wanted = min(factors, *matrix.shape)
    width = min(wanted + OVERSAMPLING, n)
    start = np.random.default_rng(seed).standard_normal((n, width), dtype=np.float32)
    basis = torch.from_numpy(start)
    if n < 2 * width:
        # Random directions are far enough apart only where there are many more.
        basis = _orthonormal(basis)
    for _ in track(range(iterations), "singular vectors"):
        basis = _orthonormal(_squared(matrix, basis))
    # Once more, in double precision: what follows takes the basis for orthonormal.
    basis = _orthonormal(basis.double()).float()
    small = torch.zeros(width, width)
    for block in _row_blocks(matrix):
        image = torch.from_numpy(block @ basis.numpy())
        small += image.T @ image
    squares, turn = torch.linalg.eigh(small.double())
    vectors = basis @ turn.flip(1)[:, :wanted].float()
    values = squares.flip(0)[:wanted].clamp_min(0).sqrt().float()
    return _with_fixed_signs(vectors.numpy()), values.numpy()


def _orthonormal(vectors: torch.Tensor) -> torch.Tensor:
    """Return an orthonormal basis of the span; columns of zeros where the rank is lower.

    By the eigenvectors of ``Z'Z``: a tenth of the time of a QR decomposition.
    """
    squares, turn = torch.linalg.eigh((vectors.T @ vectors).double())
    least = squares.clamp_min(0).sum() * torch.finfo(vectors.dtype).eps
    there = squares > least
    scale = torch.where(there, torch.where(there, squares, 1).rsqrt(), 0)
    basis: torch.Tensor = vectors @ (turn * scale).to(vectors.dtype)
    return basis


def _squared(matrix: csr_matrix | SparseChain, basis: torch.Tensor) -> torch.Tensor:
    """Return ``A'A Q``, a block of rows of A at a time."""
    product = np.zeros(basis.shape, dtype=np.float32)
    for block in _row_blocks(matrix):
        product += block.T @ (block @ basis.numpy())
    return torch.from_numpy(product)


def _row_blocks(matrix: csr_matrix | SparseChain) -> Iterator[csr_matrix | SparseChain]:
    for start in range(0, matrix.shape[0], ROWS):
        checkpoint()
        yield matrix[start : start + ROWS]


def _with_fixed_signs(vectors: Floats) -> Floats:
    """Turn vectors so that the entry largest in absolute value is positive."""
    if not vectors.size:
        return vectors
    largest = np.abs(vectors).argmax(axis=0)
    signs = np.sign(vectors[largest, np.arange(vectors.shape[1])])
    return vectors * np.where(signs == 0, 1, signs).astype(np.float32)
