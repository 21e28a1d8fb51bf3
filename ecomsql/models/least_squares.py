"""Regularised least squares for many sparse rows at once, the half-step of alternating ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from ecomsql.errors import DataError
from ecomsql.models.row_chunks import Chunk, Sparse, chunks
from ecomsql.models.workers import Workers

ENTRIES = 2**18
"""Floats gathered at once by a thread: 1 MiB, what the cache of one core holds."""

PIECE = 2**14
"""Entries of one very long row that are gathered at once."""


ROWS = 2**12
"""Rows of factors that are multiplied at once."""

PADDING = (1.0, 0.0)
"""Ridge and target of an entry that is not there."""


def start(n: int, factors: int, seed: int) -> torch.Tensor:
    """Return small random float32 factors to start from, shape (n, factors)."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, factors, generator=generator) / factors


def with_zeros(table: torch.Tensor) -> torch.Tensor:
    """Return `table` with a row of zeros below, for padding."""
    return torch.cat([table, torch.zeros(1, table.shape[1])])


def row_chunks(matrix: Sparse, factors: int) -> list[Chunk]:
    """Return the rows of ``(ridge, target)`` in chunks that fit a core's cache."""
    return list(chunks(matrix, entries=max(ENTRIES // factors, 1), padding=PADDING))


def ridge_rows(
    table: torch.Tensor,
    chunks: Sequence[Chunk],
    n_rows: int,
    run: Workers,
    *,
    back: torch.Tensor | None = None,
) -> torch.Tensor:
    """Solve a ridge regression for each row.

    With ``Z`` the rows of `table` at the row's columns, minimises over ``y``
    ``sum_j (z_j y - target_j)^2 / ridge_j + |y|^2``.

    Parameters
    ----------
    table : float32 tensor, shape (n_columns + 1, factors)
        The last row is zero, for padding.
    chunks : sequence of Chunk
        Their values are ``(ridge, target)``, padded with ``(1, 0)``.
    n_rows : int
        Rows of the answer; those in no chunk are zero.
    run : Workers
        From :func:`~ecomsql.models.workers.workers`.

    back : float32 tensor, shape (factors, factors), optional
        Answers are multiplied with it from the left.

    Returns
    -------
    float32 tensor, shape (n_rows, factors)
    """
    answer = torch.zeros(n_rows, table.shape[1])

    def solve(chunk: Chunk) -> None:
        short = chunk.columns.shape[1] < table.shape[1]
        found = (_short if short else _long)(table, chunk)
        answer.index_copy_(0, chunk.rows, found if back is None else found @ back.T)

    run(solve, chunks)
    return answer


def _short(table: torch.Tensor, chunk: Chunk) -> torch.Tensor:
    """Solve rows of fewer entries than factors by a system over their entries.

    By the push-through identity ``y = Z' (Z Z' + ridge)^-1 target``.
    """
    ridge, target = chunk.values
    z = _gather(table, chunk.columns)
    # Matrix products with a transposed right side are several times slower in small batches.
    gram = torch.bmm(z, z.mT if z.shape[1] < 6 else z.mT.contiguous())
    gram.diagonal(dim1=1, dim2=2).add_(ridge)
    dual = solve_spd(gram, target)
    return torch.bmm(dual.unsqueeze(1), z).squeeze(1)


def _long(table: torch.Tensor, chunk: Chunk) -> torch.Tensor:
    """Solve rows of many entries by their normal equations."""
    ridge, target = chunk.values
    size, factors = len(chunk.rows), table.shape[1]
    normal = torch.eye(factors).repeat(size, 1, 1)
    right = torch.zeros(size, 1, factors)
    for start in range(0, chunk.columns.shape[1], PIECE):
        part = slice(start, start + PIECE)
        z = _gather(table, chunk.columns[:, part])
        inverse = 1.0 / ridge[:, part]
        normal.baddbmm_((z * inverse.unsqueeze(2)).mT, z)
        right.baddbmm_((target[:, part] * inverse).unsqueeze(1), z)
    return solve_spd(normal, right.squeeze(1))


def _gather(table: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    """Return the rows of `table` at `columns`, shape (*columns.shape, factors)."""
    return table.index_select(0, columns.reshape(-1)).view(*columns.shape, -1)


def solve_spd(systems: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Solve symmetric positive definite systems, in double precision where single fails.

    Parameters
    ----------
    systems : float32 tensor, shape (size, n, n)
    right : float32 tensor, shape (size, n)

    Raises
    ------
    DataError
        If a system is singular even in double precision: weights are too far apart.
    """
    factor, failed = torch.linalg.cholesky_ex(systems)
    if not failed.any():
        return torch.cholesky_solve(right.unsqueeze(2), factor).squeeze(2)
    factor, failed = torch.linalg.cholesky_ex(systems.double())
    if failed.any():
        raise DataError("the weights are too far apart to solve for: use smaller ones, or a log")
    return torch.cholesky_solve(right.double().unsqueeze(2), factor).squeeze(2).float()


@dataclass(frozen=True, slots=True, eq=False)
class Whitened:
    """Factors in the space where the part that all rows' systems share is the identity.

    Attributes
    ----------
    table : float32 tensor, shape (n + 1, f)
        ``Y R^-1`` with ``R'R = Y'Y + regularization I``, and a row of zeros.
    inverse : float32 tensor, shape (f, f)
        ``R^-1``, upper triangular: ``x = R^-1 y`` leads back.
    """

    table: torch.Tensor
    inverse: torch.Tensor


def whiten(factors: torch.Tensor, regularization: float, run: Workers) -> Whitened:
    """Whiten factors of the shape (n, f); `regularization` is added to the diagonal of ``Y'Y``."""
    pieces = list(torch.split(factors, ROWS))
    grams = torch.zeros(len(pieces), factors.shape[1], factors.shape[1])
    table = torch.zeros(len(factors) + 1, factors.shape[1])

    def add(piece: int) -> None:
        torch.mm(pieces[piece].T, pieces[piece], out=grams[piece])

    def project(piece: int) -> None:
        torch.mm(pieces[piece], inverse, out=table[:-1][piece * ROWS : (piece + 1) * ROWS])

    run(add, range(len(pieces)))
    gram = grams.double().sum(0)
    gram.diagonal().add_(regularization)
    root = torch.linalg.cholesky(gram, upper=True)
    eye = torch.eye(len(root), dtype=torch.float64)
    inverse = torch.linalg.solve_triangular(root, eye, upper=True).float()
    run(project, range(len(pieces)))
    return Whitened(table, inverse)
