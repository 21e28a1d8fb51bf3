"""The lists that users get: the best items, varied on request, completed with popular ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecomsql.features.interactions import Floats, Interactions, Ints
from ecomsql.models.diversity import rerank
from ecomsql.models.leading_items import LeadingItems
from ecomsql.models.recommender import Recommender

CANDIDATES = 5
"""With diversity, how many candidates are looked at for each item that is given."""


@dataclass(frozen=True, slots=True, eq=False)
class Shortlist:
    """How lists are made.

    Attributes
    ----------
    model : Recommender
        Scores the items.
    popular : LeadingItems
        Completes lists, and answers users without history.
    vectors : float32 array, shape (n_items, d)
        Unit vectors of items, for `diversity` above 0.
    k : int
        Length of a list, at most.
    """

    model: Recommender
    popular: LeadingItems
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
        if len(short):
            items[short] = self._completed(items[short], history.take(short))
        return items, scores

    def _best(self, history: Interactions) -> tuple[Ints, Floats]:
        if self.diversity == 0.0:
            return self.model.recommend(history, self.k, exclude_seen=self.exclude_seen)
        many = self.k * CANDIDATES
        items, scores = self.model.recommend(history, many, exclude_seen=self.exclude_seen)
        return rerank(items, scores, self.vectors, self.k, diversity=self.diversity)

    def _completed(self, items: Ints, history: Interactions) -> Ints:
        """Put the most popular items that a user neither has nor got in the places left over."""
        rows, places = np.nonzero(items >= 0)
        got = items[rows, places]
        owners = np.concatenate([rows, history.users]) if self.exclude_seen else rows
        taken = np.concatenate([got, history.items]) if self.exclude_seen else got
        order = np.argsort(owners, kind="stable")
        counts = np.bincount(owners, minlength=len(items))
        offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        fill = self.popular.first(self.k, taken[order], offsets)
        empty = items < 0
        # The first empty place of a row takes the first popular item, and so on.
        turn = np.maximum(np.cumsum(empty, axis=1) - 1, 0)
        return np.where(empty, np.take_along_axis(fill, turn, axis=1), items)
