"""Popularity: what most users took, the baseline and the answer to users without history."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch

from ecomsql.errors import ModelError
from ecomsql.features.interactions import Interactions
from ecomsql.models.recommender import Recommender


class Model(Recommender):
    """Ranks items by the number of users who took them; equal counts by total weight."""

    method = "popular"

    def __init__(self, popularity: np.ndarray) -> None:
        self.popularity = popularity
        self.n_items = len(popularity)
        self.metrics = {}

    @classmethod
    def fit(cls, data: Interactions, *, seed: int) -> Self:
        """Count users per item, shape (n_items,); the seed changes nothing."""
        users = np.bincount(data.items, minlength=data.n_items)
        weight = np.bincount(data.items, weights=data.weights, minlength=data.n_items)
        share = weight / max(weight.max(initial=0.0), 1e-12)
        return cls((users + 0.5 * share).astype(np.float32))

    def scores(self, history: Interactions) -> torch.Tensor:
        """Return the same scores for every user."""
        return torch.from_numpy(self.popularity).repeat(history.n_users, 1)

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the popularity of each item."""
        return {"popularity": self.popularity}, {}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`."""
        popularity = arrays.get("popularity")
        if popularity is None or popularity.ndim != 1:
            raise ModelError("a popular model holds one popularity an item")
        return cls(popularity)
