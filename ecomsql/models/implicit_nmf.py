"""Non-negative matrix factorisation of a whole sparse matrix, what is not there being 0."""

from __future__ import annotations

from typing import Any

import torch
from scipy.sparse import csr_matrix

from ecomsql.features.interactions import Interactions
from ecomsql.models.least_squares import gram
from ecomsql.models.nonnegative import nonnegative_solve
from ecomsql.models.nonnegative_start import nonnegative_start
from ecomsql.models.sparse_products import products
from ecomsql.models.workers import Workers, workers
from ecomsql.progress import track

ROWS = 2**11
"""Rows that a thread solves for at once: with 64 factors, half of a core's cache."""


def fit_nmf(
    data: Interactions, *, seed: int, factors: int, iterations: int, regularization: float
) -> tuple[torch.Tensor, torch.Tensor, dict[str, Any]]:
    """Return the items' factors, the mean user's, and the loss after the first and last iteration.

    Options are those of :class:`ecomsql.models.recommenders.nmf.Model`.
    """
    by_user = data.matrix()
    by_item = by_user.T.tocsr()
    users, items = nonnegative_start(by_user, factors, seed)
    losses = []
    with workers() as run:
        for step in track(range(iterations), "nmf"):
            update(users, items, by_user, regularization, run)
            update(items, users, by_item, regularization, run)
            if step in (0, iterations - 1):
                losses.append(reconstruction_loss(users, items, data, regularization))
    average = users.mean(0) if data.n_users else torch.zeros(factors)
    return items, average, {"iterations": iterations, "loss": losses}


def update(
    rows: torch.Tensor,
    columns: torch.Tensor,
    matrix: csr_matrix,
    regularization: float,
    run: Workers,
) -> None:
    """Improve the factors of the rows in place by one sweep over the factors.

    Each factor in turn is set to its best for given others: hierarchical alternating least squares
    (Cichocki, Phan: Fast local algorithms for large scale nonnegative matrix and tensor
    factorizations, 2009).

    Parameters
    ----------
    rows, columns : float32 tensor, shape (n_rows, factors) and (n_columns, factors)
    matrix : sparse matrix, shape (n_rows, n_columns)
    regularization : float
        Weight of the squared factors.
    run : Workers
        From :func:`~ecomsql.models.workers.workers`.
    """
    system = gram(columns, run)
    system.diagonal().add_(regularization)
    scale = system.diagonal().clamp_min(1e-30)
    system = (system / scale.unsqueeze(1)).float()
    table = columns.numpy()

    def improve(start: int) -> None:
        part = slice(start, start + ROWS)
        right = torch.from_numpy(matrix[part] @ table).T / scale.float().unsqueeze(1)
        mine = rows[part].T.contiguous()
        for factor in range(len(mine)):
            gap = right[factor] - torch.mv(mine.T, system[factor])
            mine[factor].add_(gap).clamp_min_(0.0)
        rows[part] = mine.T

    run(improve, range(0, len(rows), ROWS))


def fold_in_nmf(
    items: torch.Tensor, history: csr_matrix, regularization: float, run: Workers
) -> torch.Tensor:
    """Return the best non-negative factors of users for given factors of the items."""
    system = gram(items, run)
    system.diagonal().add_(regularization)
    system = system.float()
    diagonal = system.diagonal().unsqueeze(0)
    table = items.numpy()
    users = torch.zeros(history.shape[0], items.shape[1])

    def solve(start: int) -> None:
        part = slice(start, start + ROWS)
        right = torch.from_numpy(history[part] @ table)
        users[part] = nonnegative_solve(lambda w: w @ system, right, diagonal)

    run(solve, range(0, len(users), ROWS))
    return users


def reconstruction_loss(
    users: torch.Tensor, items: torch.Tensor, data: Interactions, regularization: float
) -> float:
    """Return half of the squared errors over all cells and of the weighted squared factors."""
    left, right = (users.T @ users).double(), (items.T @ items).double()
    total = float((left * right).sum()) + regularization * float(left.trace() + right.trace())
    for part, score in products(users, items, data.offsets, data.items):
        weight = torch.tensor(data.weights[part]).double()
        total += float((weight * (weight - 2.0 * score.double())).sum())
    return total / 2.0
