"""Regularised least squares for many sparse rows at once, the half-step of alternating ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from ecomsql.models.row_chunks import Chunk, Sparse, chunks
from ecomsql.models.spd_solve import solve_spd
from ecomsql.models.workers import Workers

ENTRIES = 2**18
"""Floats gathered at once by a thread: 1 MiB, what the cache of one core holds."""

PIECE = 2**14
"""Entries of one very long row that are gathered at once."""


ROWS = 2**12
"""Rows of factors that are multiplied at once."""

NEAR = 24
"""Entries above which a row may be solved by conjugate gradients from a guess."""

TOLERANCE, STEPS = 1e-2, 4
"""Residual, of the right side, that is near enough; and steps at most."""

PADDING = (1.0, 0.0)
"""Ridge and target of an entry that is not there."""


def start(n: int, factors: int, seed: int) -> torch.Tensor:
    """Return small random float32 factors to start from, shape (n, factors)."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, factors, generator=generator) / factors


def row_chunks(matrix: Sparse, factors: int) -> list[Chunk]:
    """Return the rows of ``(ridge, target)`` in chunks that fit a core's cache."""
    return list(chunks(matrix, entries=max(ENTRIES // factors, 1), padding=PADDING))


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """The known side's factors, in coordinates where what all rows share is the identity.

    Attributes
    ----------
    table : float32 tensor, shape (n + 1, f)
        ``Z = Y R^-1`` with ``R'R = Y'Y + regularization I``, and a row of zeros for padding.
    root, inverse : float32 tensor, shape (f, f)
        ``R`` and ``R^-1``, upper triangular: an answer ``y`` stands for ``x = R^-1 y``.
    """

    table: torch.Tensor
    root: torch.Tensor
    inverse: torch.Tensor


def ridge_rows(
    space: Space,
    chunks: Sequence[Chunk],
    n_rows: int,
    run: Workers,
    *,
    guess: torch.Tensor | None = None,
) -> torch.Tensor:
    """Solve a ridge regression for each row.

    With ``z_j`` the rows of the table at the row's columns, ``x = R^-1 y`` for the ``y`` that
    minimises ``sum_j (z_j y - target_j)^2 / ridge_j + |y|^2``.

    Parameters
    ----------
    space : Space
        From :func:`whitened` or :func:`plain`.
    chunks : sequence of Chunk
        From :func:`row_chunks`: their values are ``(ridge, target)``.
    n_rows : int
        Rows of the answer; those in no chunk are zero.
    run : Workers
        From :func:`~ecomsql.models.workers.workers`.
    guess : float32 tensor, shape (n_rows, factors), optional
        Rows of many entries start from here and come near the solution; else all are exact.

    Returns
    -------
    float32 tensor, shape (n_rows, factors)
    """
    table = space.table
    answer = torch.zeros(n_rows, table.shape[1])

    def solve(chunk: Chunk) -> None:
        width = chunk.columns.shape[1]
        if guess is not None and NEAR < width <= PIECE:
            found = _near(table, chunk, guess.index_select(0, chunk.rows) @ space.root.T)
        else:
            found = (_short if width < table.shape[1] else _long)(table, chunk)
        answer.index_copy_(0, chunk.rows, found @ space.inverse.T)

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


def _near(table: torch.Tensor, chunk: Chunk, guess: torch.Tensor) -> torch.Tensor:
    """Come from a guess near the solution of the normal equations by conjugate gradients.

    Where the shared part is the identity, and the guess from the step before, few steps do.
    """
    ridge, target = chunk.values
    weight = ridge.reciprocal()
    z = _gather(table, chunk.columns)

    def image(y: torch.Tensor) -> torch.Tensor:
        product = torch.bmm(z, y.unsqueeze(2)).squeeze(2).mul_(weight)
        return torch.baddbmm(y.unsqueeze(1), product.unsqueeze(1), z).squeeze(1)

    right = torch.bmm((target * weight).unsqueeze(1), z).squeeze(1)
    residual = right - image(guess)
    direction, answer = residual.clone(), guess
    energy = residual.square().sum(1, keepdim=True)
    enough = TOLERANCE**2 * right.square().sum(1, keepdim=True)
    for _ in range(STEPS):
        if bool((energy <= enough).all()):
            break
        moved = image(direction)
        length = energy / (direction * moved).sum(1, keepdim=True).clamp_min_(1e-30)
        answer = answer.addcmul(length, direction)
        residual.addcmul_(length, moved, value=-1.0)
        before, energy = energy, residual.square().sum(1, keepdim=True)
        direction.mul_(energy / before.clamp_min(1e-30)).add_(residual)
    return answer


def _gather(table: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    """Return the rows of `table` at `columns`, shape (*columns.shape, factors)."""
    return table.index_select(0, columns.reshape(-1)).view(*columns.shape, -1)


def plain(factors: torch.Tensor) -> Space:
    """Return factors of the shape (n, f) as they are, where rows share nothing."""
    eye = torch.eye(factors.shape[1])
    return Space(torch.cat([factors, torch.zeros(1, factors.shape[1])]), eye, eye)


def whitened(factors: torch.Tensor, regularization: float, run: Workers) -> Space:
    """Whiten factors of the shape (n, f); `regularization` is added to the diagonal of ``Y'Y``."""
    pieces = list(torch.split(factors, ROWS))
    shared = gram(factors, run)
    shared.diagonal().add_(regularization)
    root = torch.linalg.cholesky(shared, upper=True)
    eye = torch.eye(len(root), dtype=torch.float64)
    inverse = torch.linalg.solve_triangular(root, eye, upper=True).float()
    table = torch.zeros(len(factors) + 1, factors.shape[1])

    def project(at: int) -> None:
        torch.mm(pieces[at], inverse, out=table[:-1][at * ROWS : (at + 1) * ROWS])

    run(project, range(len(pieces)))
    return Space(table, root.float(), inverse)


def gram(factors: torch.Tensor, run: Workers) -> torch.Tensor:
    """Return ``Y'Y`` of factors of the shape (n, f), in float64; the same for any threads."""
    pieces = list(torch.split(factors, ROWS))
    grams = torch.zeros(len(pieces), factors.shape[1], factors.shape[1])

    def multiply(at: int) -> None:
        torch.mm(pieces[at].T, pieces[at], out=grams[at])

    run(multiply, range(len(pieces)))
    return grams.double().sum(0)
