"""Alternating least squares for ratings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from ecomsql.features.interactions import Floats, Interactions
from ecomsql.models.least_squares import plain, ridge_rows, row_chunks, start
from ecomsql.models.row_chunks import Sparse
from ecomsql.models.sparse_products import products
from ecomsql.models.workers import Workers, workers
from ecomsql.progress import track

DAMPING = 5.0
"""Ratings of the general mean that every user's and item's own mean starts from."""


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """What a rating is before anything is known of the two together.

    Attributes
    ----------
    mean : float
        Of all ratings.
    item_bias : float32 tensor, shape (n_items,)
        How far above the mean an item's ratings are, damped.
    """

    mean: float
    item_bias: torch.Tensor

    @classmethod
    def of(cls, data: Interactions) -> Baseline:
        """Return the baseline of ratings."""
        mean = float(data.weights.mean(dtype=np.float64)) if len(data.weights) else 0.0
        above = data.weights.astype(np.float64) - mean
        total = np.bincount(data.items, weights=above, minlength=data.n_items)
        count = np.bincount(data.items, minlength=data.n_items)
        return cls(mean, torch.from_numpy((total / (count + DAMPING)).astype(np.float32)))

    def user_bias(self, history: Interactions) -> torch.Tensor:
        """Return how far each user's ratings are above those of others, damped; (n_users,)."""
        above = history.weights - self.mean - self.item_bias.numpy()[history.items]
        total = np.bincount(history.users, weights=above, minlength=history.n_users)
        return torch.from_numpy((total / (history.lengths + DAMPING)).astype(np.float32))

    def residual(self, history: Interactions) -> Floats:
        """Return what the baseline leaves of each rating, shape (n,)."""
        level = self.mean + self.user_bias(history).numpy()[history.users]
        residual: Floats = history.weights - level - self.item_bias.numpy()[history.items]
        return residual.astype(np.float32)


def rating_rows(matrix: Sparse, regularization: float) -> Sparse:
    """Return `matrix` with the ridge of each entry before its value.

    The ridge grows with the row's length: ``regularization`` times the number of ratings.
    """
    lengths = np.diff(matrix.offsets)
    ridge = np.repeat((regularization * lengths).astype(np.float32), lengths)
    return replace(matrix, values=(ridge, *matrix.values))


def fold_in_explicit(
    items: torch.Tensor,
    baseline: Baseline,
    history: Interactions,
    recent: Floats,
    regularization: float,
    run: Workers,
) -> torch.Tensor:
    """Return the users' factors from their ratings, each of which counts `recent` as much."""
    matrix = rating_rows(_residuals(baseline, history), regularization)
    ridge = (matrix.values[0] / np.maximum(recent, 1e-12)).astype(np.float32)
    matrix = replace(matrix, values=(ridge, matrix.values[1]))
    rows = row_chunks(matrix, items.shape[1])
    return ridge_rows(plain(items), rows, history.n_users, run)


def fit_explicit(
    data: Interactions, *, seed: int, factors: int, iterations: int, regularization: float
) -> tuple[torch.Tensor, Baseline, dict[str, Any]]:
    """Return the items' factors, the baseline, and the loss after the first and last iteration.

    Options are those of :class:`ecomsql.models.recommenders.als.Model`.
    """
    baseline = Baseline.of(data)
    residuals = _residuals(baseline, data)
    by_user = row_chunks(rating_rows(residuals, regularization), factors)
    by_item = row_chunks(rating_rows(residuals.transposed(), regularization), factors)
    items = start(data.n_items, factors, seed)
    losses = []
    with workers() as run:
        for step in track(range(iterations), "als"):
            users = ridge_rows(plain(items), by_user, data.n_users, run)
            items = ridge_rows(plain(users), by_item, data.n_items, run)
            if step in (0, iterations - 1):
                losses.append(rating_loss(users, items, residuals, regularization))
    return items, baseline, {"iterations": iterations, "loss": losses}


def rating_loss(
    users: torch.Tensor, items: torch.Tensor, residuals: Sparse, regularization: float
) -> float:
    """Return the squared errors of the ratings and the weighted squared factors."""
    lengths = np.diff(residuals.offsets)
    counts = np.bincount(residuals.columns, minlength=residuals.n_columns)
    total = 0.0
    for factor, count in ((users, lengths), (items, counts)):
        squares = factor.square().sum(1).double()
        total += regularization * float(squares @ torch.from_numpy(count.astype(np.float64)))
    for part, predicted in products(users, items, residuals.offsets, residuals.columns):
        total += float((torch.from_numpy(residuals.values[0][part]) - predicted).square().sum())
    return total


def _residuals(baseline: Baseline, data: Interactions) -> Sparse:
    return Sparse(data.offsets, data.items, (baseline.residual(data),), data.n_items)
