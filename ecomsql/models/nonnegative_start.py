"""Non-negative factors to start from."""

from __future__ import annotations

import numpy as np
import torch
from scipy.sparse import csr_matrix

from ecomsql.features.interactions import Floats
from ecomsql.models.truncated_svd import right_singular_vectors
from ecomsql.progress import track

SPARE = 10
"""Directions beyond those wanted that make the singular vectors precise."""

POWERS = 4
"""Times that the directions are multiplied with the matrix and its transpose."""


def positive_start(n: int, factors: int, seed: int, *, mean: float) -> torch.Tensor:
    """Return positive random float32 factors, (n, factors), whose products are about `mean`."""
    generator = torch.Generator().manual_seed(seed)
    scale = float(np.sqrt(max(mean, 1e-12) / factors))
    return scale * (0.5 + torch.rand(n, factors, generator=generator))


def nonnegative_start(
    matrix: csr_matrix, factors: int, seed: int, *, precise: bool = True
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return factors of rows and columns from the matrix's singular vectors.

    Of each pair of singular vectors the positive parts or the negative ones are taken, whichever
    are longer (Boutsidis, Gallopoulos: SVD based initialization, 2008); zeros become the mean.

    Parameters
    ----------
    matrix : sparse matrix, shape (n_rows, n_columns)
        Elements of at least 0.
    factors : int
        Where the matrix has fewer singular vectors, the others are random.
    seed : int
        For the directions in which singular vectors are looked for.
    precise : bool
        Whether vectors of like singular values are told apart, by QR decompositions; without, it
        takes a fraction of the time.

    Returns
    -------
    rows, columns : float32 tensor, shape (n_rows, factors) and (n_columns, factors)
    """
    mean = float(matrix.data.sum(dtype=np.float64) / max(matrix.shape[0] * matrix.shape[1], 1))
    find = singular_vectors if precise else quick_singular_vectors
    left, values, right = find(matrix, factors, seed)
    left_part, right_part = _longer_parts(left, values, right)
    rows = positive_start(matrix.shape[0], factors, seed, mean=mean)
    columns = positive_start(matrix.shape[1], factors, seed + 1, mean=mean)
    rows[:, : len(values)] = torch.from_numpy(np.where(left_part > 1e-6, left_part, mean))
    columns[:, : len(values)] = torch.from_numpy(np.where(right_part > 1e-6, right_part, mean))
    return rows, columns


def singular_vectors(matrix: csr_matrix, k: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Return the `k` first singular vectors of the rows, values, and vectors of the columns.

    By random directions (Halko, Martinsson, Tropp: Finding structure with randomness, 2011).
    """
    width = min(k + SPARE, *matrix.shape)
    generator = np.random.default_rng(seed)
    basis = generator.standard_normal((matrix.shape[1], width)).astype(np.float32)
    for _ in track(range(POWERS), "singular vectors"):
        basis = np.linalg.qr(matrix.T @ np.linalg.qr(matrix @ basis)[0])[0]
    left, values, turn = np.linalg.svd(matrix @ basis, full_matrices=False)
    right = basis @ turn.T
    return left[:, :k], values[:k], right[:, :k]


def quick_singular_vectors(matrix: csr_matrix, k: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Return what :func:`singular_vectors` does; see :mod:`ecomsql.models.truncated_svd`."""
    right, values = right_singular_vectors(matrix, k, seed=seed, iterations=POWERS)
    left = (matrix @ right) / np.maximum(values, 1e-12)
    return left, values, right


def _longer_parts(left: Floats, values: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Return the non-negative parts of pairs of vectors, with the weight shared by both."""
    ahead = np.linalg.norm(left.clip(0), axis=0) * np.linalg.norm(right.clip(0), axis=0)
    behind = np.linalg.norm(left.clip(None, 0), axis=0) * np.linalg.norm(
        right.clip(None, 0), axis=0
    )
    sign = np.where(ahead >= behind, 1.0, -1.0).astype(np.float32)
    root = np.sqrt(values * np.maximum(ahead, behind))
    parts = ((left * sign).clip(0), (right * sign).clip(0))
    first, second = (part / np.maximum(np.linalg.norm(part, axis=0), 1e-12) for part in parts)
    return first * root, second * root
