"""Non-negative matrix factorisation of the ratings that are there."""

from __future__ import annotations

from typing import Any

import torch

from ecomsql.features.interactions import Floats, Interactions
from ecomsql.models.nonnegative import nonnegative_solve
from ecomsql.models.nonnegative_start import positive_start
from ecomsql.models.row_chunks import Chunk, Sparse, chunks
from ecomsql.models.sparse_products import products
from ecomsql.models.workers import Workers, workers
from ecomsql.progress import track

ENTRIES = 2**18
"""Floats gathered at once by a thread: 1 MiB."""


def fit_rated_nmf(
    data: Interactions, *, seed: int, factors: int, iterations: int, regularization: float
) -> tuple[torch.Tensor, torch.Tensor, dict[str, Any]]:
    """Return the items' factors, the mean user's, and the loss after the first and last iteration.

    Options are those of :class:`ecomsql.models.recommenders.nmf.Model`.
    """
    mean = float(data.weights.mean()) if len(data.weights) else 0.0
    ratings = Sparse(data.offsets, data.items, (data.weights,), data.n_items)
    by_user = list(chunks(ratings, entries=max(ENTRIES // factors, 1), padding=(0.0,)))
    turned = ratings.transposed()
    by_item = list(chunks(turned, entries=max(ENTRIES // factors, 1), padding=(0.0,)))
    users = positive_start(data.n_users, factors, seed, mean=mean)
    items = positive_start(data.n_items, factors, seed + 1, mean=mean)
    losses = []
    with workers() as run:
        for step in track(range(iterations), "nmf"):
            multiply(users, items, by_user, regularization, run)
            multiply(items, users, by_item, regularization, run)
            if step in (0, iterations - 1):
                losses.append(rated_loss(users, items, data, regularization))
    average = users.mean(0) if data.n_users else torch.zeros(factors)
    return items, average, {"iterations": iterations, "loss": losses}


def multiply(
    rows: torch.Tensor,
    columns: torch.Tensor,
    pieces: list[Chunk],
    regularization: float,
    run: Workers,
) -> None:
    """Improve the factors of the rows in place by one multiplicative update.

    For the squared error of the ratings that are there (Zhang, Wang, Ford, Makedon: Learning from
    incomplete ratings using non-negative matrix factorization, 2006).
    """
    table = _with_zeros(columns)

    def improve(chunk: Chunk) -> None:
        z = _gather(table, chunk.columns)
        mine = rows.index_select(0, chunk.rows)
        wanted = torch.bmm(chunk.values[0].unsqueeze(1), z).squeeze(1)
        given = _through(z, mine) + regularization * mine
        rows.index_copy_(0, chunk.rows, mine * wanted / given.clamp_min_(1e-30))

    run(improve, pieces)


def fold_in_rated_nmf(
    items: torch.Tensor,
    history: Interactions,
    recent: Floats,
    regularization: float,
    run: Workers,
) -> torch.Tensor:
    """Return the best non-negative factors of users, each rating counting `recent` as much."""
    table = _with_zeros(items)
    users = torch.zeros(history.n_users, items.shape[1])
    matrix = Sparse(history.offsets, history.items, (history.weights, recent), history.n_items)
    entries = max(ENTRIES // items.shape[1], 1)

    def solve(chunk: Chunk) -> None:
        rating, counts = chunk.values
        # Roots on both sides of the product make each squared error count that much.
        z = _gather(table, chunk.columns) * counts.sqrt().unsqueeze(2)
        right = torch.bmm((rating * counts.sqrt()).unsqueeze(1), z).squeeze(1)
        diagonal = z.square().sum(1) + regularization
        found = nonnegative_solve(lambda w: _through(z, w) + regularization * w, right, diagonal)
        users.index_copy_(0, chunk.rows, found)

    run(solve, chunks(matrix, entries=entries, padding=(0.0, 0.0)))
    return users


def rated_loss(
    users: torch.Tensor, items: torch.Tensor, data: Interactions, regularization: float
) -> float:
    """Return half of the squared errors of the ratings and of the weighted squared factors."""
    squares = users.double().square().sum() + items.double().square().sum()
    total = regularization * float(squares)
    for part, predicted in products(users, items, data.offsets, data.items):
        total += float((torch.tensor(data.weights[part]) - predicted).double().square().sum())
    return total / 2.0


def _through(z: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """Return ``rows @ (Z' Z)`` for each row's own ``Z``."""
    inner = torch.bmm(z, rows.unsqueeze(2))
    return torch.bmm(inner.mT, z).squeeze(1)


def _gather(table: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    return table.index_select(0, columns.reshape(-1)).view(*columns.shape, -1)


def _with_zeros(table: torch.Tensor) -> torch.Tensor:
    return torch.cat([table, torch.zeros(1, table.shape[1])])
