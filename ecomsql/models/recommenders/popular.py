"""Popularity: what most users took, the baseline and the answer to users without history."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch

from ecomsql import options
from ecomsql.errors import ModelError
from ecomsql.features.interactions import Floats, Interactions, Ints
from ecomsql.features.popularity import popularity
from ecomsql.models.leading_items import LeadingItems
from ecomsql.models.recommender import Recommender


class Model(Recommender):
    """Ranks items by the number of users who took them, the same for every user."""

    method = "popular"
    is_personal = False

    def __init__(self, worth: Floats) -> None:
        self.worth = worth
        self.leading = LeadingItems(worth)
        self.n_items = len(worth)
        self.metrics = {}

    @classmethod
    def fit(cls, data: Interactions, *, seed: int, feedback: str = "implicit") -> Self:
        """Count users per item; the seed changes nothing.

        Parameters
        ----------
        feedback : {'implicit', 'explicit'}
            With explicit feedback, items are ranked by their mean rating, shrunk toward the mean
            of all by as many ratings as an item has on average (a Bayesian average).
        """
        kind = options.choice("feedback", feedback, ["implicit", "explicit"])
        return cls(popularity(data) if kind == "implicit" else _damped_mean(data))

    def scores(self, history: Interactions) -> torch.Tensor:
        """Return the same scores for every user."""
        return torch.from_numpy(self.worth).repeat(history.n_users, 1)

    def recommend(
        self, history: Interactions, k: int, *, exclude_seen: bool = True
    ) -> tuple[Ints, Floats]:
        """Return the first items of the one order that each user does not have."""
        taken = history.items if exclude_seen else history.items[:0]
        offsets = history.offsets if exclude_seen else np.zeros_like(history.offsets)
        items = self.leading.first(k, taken, offsets)
        scores = np.where(items >= 0, self.worth[np.maximum(items, 0)], 0.0)
        return items, scores.astype(np.float32)

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the worth of each item."""
        return {"worth": self.worth}, {}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`."""
        worth = arrays.get("worth")
        if worth is None or worth.ndim != 1 or worth.dtype != np.float32:
            raise ModelError("a popular model holds one number an item")
        if not np.isfinite(worth).all():
            raise ModelError("a popular model holds finite numbers")
        return cls(worth)


def _damped_mean(data: Interactions) -> Floats:
    count = np.bincount(data.items, minlength=data.n_items)
    total = np.bincount(data.items, weights=data.weights, minlength=data.n_items)
    overall = total.sum() / max(count.sum(), 1)
    prior = max(count.mean(), 1.0) if data.n_items else 1.0
    shrunk: Floats = ((total + prior * overall) / (count + prior)).astype(np.float32)
    return shrunk
