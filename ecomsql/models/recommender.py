"""What every recommender can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

import numpy as np
import torch

from ecomsql.features.interactions import Floats, Interactions, Ints
from ecomsql.models.ranking import top_k

BATCH = 1024
"""Users scored at once: bounds the dense block of scores to 1024 x items."""


class Recommender(ABC):
    """Scores every item for users, given their history.

    Subclasses keep what they learned in attributes, and give it away in :meth:`state` as plain
    arrays and JSON values, so that a model can be stored without code.
    """

    method: ClassVar[str]
    """Name in SQL: the stem of the file."""

    is_personal: ClassVar[bool] = True
    """Whether a user without history has no scores of its own."""

    n_items: int
    metrics: dict[str, Any]
    """What the fit has to say of itself: loss, choices made and why."""

    @classmethod
    @abstractmethod
    def fit(cls, data: Interactions, *, seed: int) -> Self:
        """Learn from `data`. The method's own options are keyword-only, with their defaults."""

    @abstractmethod
    def scores(self, history: Interactions) -> torch.Tensor:
        """Return float32 scores, shape (history.n_users, n_items): higher is better."""

    @abstractmethod
    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the arrays and JSON values from which :meth:`from_state` restores the model."""

    @classmethod
    @abstractmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore a model. Raise ModelError when the arrays do not fit together."""

    def recommend(
        self, history: Interactions, k: int, *, exclude_seen: bool = True
    ) -> tuple[Ints, Floats]:
        """Return the best items of each user and their scores.

        Returns
        -------
        items : int32 array, shape (n_users, min(k, n_items))
            Best first; -1 where there is no further item with a score.
        scores : float32 array, same shape
        """
        items = np.full((history.n_users, min(k, self.n_items)), -1, dtype=np.int32)
        scores = np.zeros(items.shape, dtype=np.float32)
        for start, rows in history.batches(BATCH):
            stop = start + rows.n_users
            block = self.scores(rows)
            seen = rows if exclude_seen else None
            items[start:stop], scores[start:stop] = top_k(block, k, seen=seen)
        return items, scores

    def similar_items(self, k: int) -> tuple[Ints, Floats]:
        """Return the k items nearest to each: codes (-1: none) and similarity, (n_items, k)."""
        raise NotImplementedError

    def similar_users(self, history: Interactions, k: int) -> tuple[Ints, Floats]:
        """Return the k users of `history` nearest to each: codes (-1: none) and similarity."""
        raise NotImplementedError

    @property
    def nbytes(self) -> int:
        """Memory that the learned arrays take, in bytes."""
        return sum(array.nbytes for array in self.state()[0].values())
