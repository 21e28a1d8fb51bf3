"""Recommenders whose score is the inner product of a user's and an item's factors."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial

import numpy as np
import torch

from ecomsql.errors import ModelError
from ecomsql.features.interactions import Floats, Interactions, Ints
from ecomsql.models.ranking import top_k
from ecomsql.models.recommender import Recommender
from ecomsql.models.workers import Workers, workers

USERS = 2**14
"""Users folded in at once."""

SCORES = 2**22
"""Scores that a thread has at once: 16 MiB."""

FEEDBACK = ("implicit", "explicit")
"""What weights may be: strengths of interest, or ratings."""

Piece = tuple[int, Interactions]


class FactorModel(Recommender):
    """Keeps the items' factors; folds users in from their history when they are asked for."""

    item_factors: torch.Tensor
    """float32, shape (n_items, factors)."""

    average: torch.Tensor
    """float32, shape (factors,): the mean of the users' factors."""

    @abstractmethod
    def fold_in(self, history: Interactions, run: Workers) -> torch.Tensor:
        """Return float32 factors of users, (n_users, factors); zeros for an empty history."""

    def user_vectors(self, history: Interactions, run: Workers) -> torch.Tensor:
        """Return float32 vectors whose product with :meth:`item_vectors` is the score.

        A user without history gets the mean of those that the model learned from.
        """
        factors = self.fold_in(history, run)
        factors[torch.from_numpy(history.lengths == 0)] = self.average
        return factors

    def item_vectors(self) -> torch.Tensor:
        """Return one float32 vector an item, shape (n_items, width)."""
        return self.item_factors

    def scores(self, history: Interactions) -> torch.Tensor:
        """Return float32 scores, shape (history.n_users, n_items)."""
        with workers() as run:
            return self.user_vectors(history, run) @ self.item_vectors().T

    def recommend(
        self, history: Interactions, k: int, *, exclude_seen: bool = True
    ) -> tuple[Ints, Floats]:
        """Return the best items of each user and their scores, as Recommender says."""
        found, values = _nothing(history.n_users, min(k, self.n_items))
        table = self.item_vectors()

        def rank(vectors: torch.Tensor, first: int, piece: Piece) -> None:
            start, rows = piece
            block = vectors[start : start + rows.n_users] @ table.T
            to = slice(first + start, first + start + rows.n_users)
            found[to], values[to] = top_k(block, k, seen=rows if exclude_seen else None)

        with workers() as run:
            for first, many in history.batches(USERS):
                vectors = self.user_vectors(many, run)
                run(partial(rank, vectors, first), many.batches(_block(self.n_items)))
        return found, values

    def similar_items(self, k: int) -> tuple[Ints, Floats]:
        """Return the k items with the greatest cosine of factors; -1 for items without factors."""
        return nearest(self.item_factors, k)

    def similar_users(self, history: Interactions, k: int) -> tuple[Ints, Floats]:
        """Return the k users with the greatest cosine of factors; -1 for an empty history."""
        factors = torch.empty(history.n_users, self.item_factors.shape[1])
        with workers() as run:
            for start, rows in history.batches(USERS):
                factors[start : start + rows.n_users] = self.fold_in(rows, run)
        return nearest(factors, k)


def recent(history: Interactions, recency: float) -> Floats:
    """Return how much each entry counts for its age: ``recency ** steps``, at least 1e-12."""
    if history.steps is None or recency == 1.0:
        return np.ones(len(history.items), dtype=np.float32)
    weights: Floats = np.maximum(recency ** history.steps.astype(np.float64), 1e-12)
    return weights.astype(np.float32)


def nearest(factors: torch.Tensor, k: int) -> tuple[Ints, Floats]:
    """Return the `k` rows nearest to each row by cosine, without itself.

    Parameters
    ----------
    factors : float32 tensor, shape (n, factors)
        A row of zeros is near to nothing.
    k : int
        How many.

    Returns
    -------
    rows : int32 array, shape (n, min(k, n - 1))
        Nearest first; -1 where there is none.
    cosines : float32 array, same shape
        -1 to 1; 0 where the row is -1.
    """
    n = len(factors)
    found, cosines = _nothing(n, max(min(k, n - 1), 0))
    norms = factors.norm(dim=1)
    unit = factors / norms.clamp_min(1e-30).unsqueeze(1)
    empty = norms == 0
    size = _block(n)

    def rank(start: int) -> None:
        stop = min(start + size, n)
        block = (unit[start:stop] @ unit.T).clamp_(-1.0, 1.0)
        block[:, empty] = -torch.inf
        block[empty[start:stop]] = -torch.inf
        block.diagonal(start).fill_(-torch.inf)
        found[start:stop], cosines[start:stop] = top_k(block, found.shape[1])

    if found.shape[1]:
        with workers() as run:
            run(rank, range(0, n, size))
    return found, cosines


def factor_array(
    arrays: dict[str, np.ndarray], name: str, shape: tuple[int | None, ...]
) -> torch.Tensor:
    """Return the stored array `name` as a tensor, or raise ModelError.

    Parameters
    ----------
    shape : tuple of int or None
        What its shape must be; None is any length of at least 1.
    """
    array = arrays.get(name)
    if not isinstance(array, np.ndarray) or array.dtype != np.float32:
        raise ModelError(f"a stored model needs the array '{name}' of type float32")
    fits = array.ndim == len(shape) and all(
        have >= 1 if want is None else have == want
        for have, want in zip(array.shape, shape, strict=True)
    )
    if not fits:
        raise ModelError(f"the stored array '{name}' has the shape {array.shape}, not {shape}")
    if not np.isfinite(array).all():
        raise ModelError(f"the stored array '{name}' holds values that are not finite")
    return torch.from_numpy(np.require(array, requirements=["C", "W"]))


def _nothing(rows: int, width: int) -> tuple[Ints, Floats]:
    shape = (rows, width)
    return np.full(shape, -1, dtype=np.int32), np.zeros(shape, dtype=np.float32)


def _block(n_columns: int) -> int:
    """Return how many rows of scores a thread takes at once."""
    return min(max(SCORES // max(n_columns, 1), 16), 512)
