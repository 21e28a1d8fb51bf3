"""The lists that users get: the best items, varied on request, completed with popular ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from ecomsql.features.interactions import Floats, Interactions, Ints
from ecomsql.models.diversity import rerank
from ecomsql.models.ranking import top_k
from ecomsql.models.recommender import BATCH, Recommender

CANDIDATES = 5
"""With diversity, how many candidates are looked at for each item that is given."""


@dataclass(frozen=True, slots=True, eq=False)
class Shortlist:
    """How lists are made.

    Attributes
    ----------
    model : Recommender
        Scores the items.
    popularity : float32 array, shape (n_items,)
        Completes lists, and answers users without history.
    vectors : float32 array, shape (n_items, d)
        Unit vectors of items, for `diversity` above 0.
    k : int
        Length of a list, at most.
    """

    model: Recommender
    popularity: Floats
    vectors: Floats
    k: int
    exclude_seen: bool
    diversity: float

    def lists(self, history: Interactions) -> tuple[Ints, Floats]:
        """Return the items and scores of each user, shape (n_users, min(k, n_items)).

        Codes of -1 stand where the catalogue has nothing left for a user.
        """
        items, scores = self._best(history)
        if self.model.is_personal:
            strangers = history.lengths == 0
            items[strangers] = -1
            scores[strangers] = 0.0
        short = np.flatnonzero((items < 0).any(axis=1))
        for start in range(0, len(short), BATCH):
            rows = short[start : start + BATCH]
            items[rows] = self._completed(items[rows], history.take(rows))
        return items, scores

    def _best(self, history: Interactions) -> tuple[Ints, Floats]:
        if self.diversity == 0.0:
            return self.model.recommend(history, self.k, exclude_seen=self.exclude_seen)
        many = self.k * CANDIDATES
        items, scores = self.model.recommend(history, many, exclude_seen=self.exclude_seen)
        return rerank(items, scores, self.vectors, self.k, diversity=self.diversity)

    def _completed(self, items: Ints, history: Interactions) -> Ints:
        """Put the most popular items that a user neither has nor got in the places left over."""
        worth = torch.from_numpy(self.popularity).repeat(len(items), 1)
        rows, places = np.nonzero(items >= 0)
        worth[torch.from_numpy(rows), torch.from_numpy(items[rows, places]).long()] = -torch.inf
        fill, _ = top_k(worth, self.k, seen=history if self.exclude_seen else None)
        empty = items < 0
        # The first empty place of a row takes the first popular item, and so on.
        turn = np.cumsum(empty, axis=1) - 1
        return np.where(empty, np.take_along_axis(fill, np.maximum(turn, 0), axis=1), items)
