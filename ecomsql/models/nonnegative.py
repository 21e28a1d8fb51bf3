"""Non-negative least squares for many right sides at once."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ecomsql.progress import checkpoint

TOLERANCE = 1e-4
"""Gradient, of the right side's length, at which a row is solved."""

STEPS = 500
"""Steps at most."""

Image = Callable[[torch.Tensor], torch.Tensor]


def nonnegative_solve(image: Image, right: torch.Tensor, diagonal: torch.Tensor) -> torch.Tensor:
    """Minimise ``w A w' / 2 - b w'`` over ``w >= 0`` for each row ``b``.

    By accelerated projected gradients (Beck, Teboulle: A fast iterative shrinkage-thresholding
    algorithm, 2009), which restart where a step leads uphill (O'Donoghue, Candès 2015), in units
    that make the diagonal 1.

    Parameters
    ----------
    image : callable
        Gives ``w A`` for float32 rows of the shape (size, factors); each row may have its own
        positive definite ``A``, all of whose elements are at least 0.
    right : float32 tensor, shape (size, factors)
        The rows ``b``.
    diagonal : float32 tensor, shape (size, factors) or (1, factors)
        The diagonal of ``A``.

    Returns
    -------
    float32 tensor, shape (size, factors)
    """
    unit = diagonal.clamp_min(1e-30).rsqrt()
    target = right * unit
    bound = _greatest_eigenvalue(lambda w: image(w * unit) * unit, torch.ones_like(right))
    answer = torch.zeros_like(right)
    ahead, momentum = answer, torch.ones(len(right), 1)
    enough = TOLERANCE * target.norm(dim=1, keepdim=True)
    # A row is taken when it is solved, so that its answer does not depend on the rows beside it.
    solved, solution = torch.zeros(len(right), 1, dtype=torch.bool), answer
    for _ in range(STEPS):
        checkpoint()
        gradient = image(ahead * unit) * unit - target
        moved = (ahead - gradient / bound).clamp_min_(0.0)
        change = (moved - ahead).norm(dim=1, keepdim=True)
        solution = torch.where(solved, solution, moved)
        solved = solved | (change * bound <= enough)
        if bool(solved.all()):
            break
        uphill = ((ahead - moved) * (moved - answer)).sum(1, keepdim=True) > 0
        momentum = torch.where(uphill, 1.0, momentum)
        following = (1.0 + (1.0 + 4.0 * momentum.square()).sqrt()) / 2.0
        ahead = moved + (momentum - 1.0) / following * (moved - answer)
        answer, momentum = moved, following
    return solution * unit


def _greatest_eigenvalue(image: Image, positive: torch.Tensor) -> torch.Tensor:
    """Return a bound of the eigenvalues of non-negative matrices, shape (size, 1).

    Collatz, Wielandt: no eigenvalue is above the greatest ratio of ``A v`` to ``v``, whatever the
    positive ``v``; the closer ``v`` is to the first eigenvector, the closer is the bound.
    """
    for _ in range(4):
        positive = image(positive) + 1e-3 * positive
        positive = positive / positive.amax(dim=1, keepdim=True)
    return (image(positive) / positive).amax(dim=1, keepdim=True).clamp_min_(1e-30)
