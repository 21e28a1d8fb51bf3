"""Alternating least squares for implicit feedback."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ecomsql.features.interactions import Floats, Interactions
from ecomsql.models.least_squares import ridge_rows, row_chunks, start, whitened
from ecomsql.models.row_chunks import Chunk, Sparse
from ecomsql.models.sparse_products import products
from ecomsql.models.workers import Workers, workers
from ecomsql.progress import track


def confidence_rows(data: Interactions, excess: Floats) -> Sparse:
    """Return users x items, each entry with its ridge and its target.

    The confidence is ``c = 1 + excess``. In the space where what all rows share is the identity, a
    row's solution minimises ``sum (c - 1) (z y - c / (c - 1))^2 + |y|^2``: a ridge regression.

    Parameters
    ----------
    data : Interactions
        Who took what.
    excess : float32 array, shape (n,)
        What an entry's confidence is above that of an item not taken; above 0.
    """
    ridge = (1.0 / np.maximum(excess, 1e-12)).astype(np.float32)
    return Sparse(data.offsets, data.items, (ridge, ridge + np.float32(1.0)), data.n_items)


def half_step(
    other: torch.Tensor,
    rows: list[Chunk],
    n_rows: int,
    regularization: float,
    run: Workers,
    *,
    guess: torch.Tensor | None = None,
) -> torch.Tensor:
    """Return the factors of the rows that are best for given factors of the columns.

    Parameters
    ----------
    other : float32 tensor, shape (n_columns, factors)
    rows : list of Chunk
        From :func:`row_chunks`.
    n_rows : int
        Number of rows; one without entries gets zeros.
    regularization : float
        Weight of the squared factors.
    run : Workers
        From :func:`~ecomsql.models.workers.workers`.
    guess : float32 tensor, shape (n_rows, factors), optional
        Factors of the step before; rows of many entries then come near the best, within 1 %.
    """
    space = whitened(other, regularization, run)
    return ridge_rows(space, rows, n_rows, run, guess=guess)


def objective(
    users: torch.Tensor,
    items: torch.Tensor,
    data: Interactions,
    excess: Floats,
    regularization: float,
) -> float:
    """Return the loss that the half-steps make smaller, over every user and item, seen or not."""
    gram = (users.T @ users).double() * (items.T @ items).double()
    total = float(gram.sum()) + regularization * float(users.square().sum() + items.square().sum())
    for part, score in products(users, items, data.offsets, data.items):
        confidence = 1.0 + torch.from_numpy(excess[part]).double()
        exact = score.double()
        total += float((confidence * (1.0 - exact).square() - exact.square()).sum())
    return total


def fit_implicit(
    data: Interactions,
    excess: Floats,
    *,
    seed: int,
    factors: int,
    iterations: int,
    regularization: float,
) -> tuple[torch.Tensor, torch.Tensor, dict[str, Any]]:
    """Return the items' factors, the mean user's, and the loss after the first and last iteration.

    `excess` is as in :func:`confidence_rows`; the options are those of
    :class:`ecomsql.models.recommenders.als.Model`.
    """
    matrix = confidence_rows(data, excess)
    by_user = row_chunks(matrix, factors)
    by_item = row_chunks(matrix.transposed(), factors)
    items = start(data.n_items, factors, seed)
    users = torch.zeros(data.n_users, factors)
    losses = []
    with workers() as run:
        for step in track(range(iterations), "als"):
            users = half_step(items, by_user, data.n_users, regularization, run, guess=users)
            items = half_step(users, by_item, data.n_items, regularization, run, guess=items)
            if step in (0, iterations - 1):
                losses.append(objective(users, items, data, excess, regularization))
    average = users.mean(0) if data.n_users else torch.zeros(factors)
    return items, average, {"iterations": iterations, "loss": losses}
