"""Item-based nearest neighbours: what goes with the things that a user took."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self

import numpy as np
import torch
from scipy.sparse import csr_matrix, diags_array

from ecomsql.errors import ModelError
from ecomsql.features.interactions import Floats, Interactions, Ints
from ecomsql.models.corated import RatingSimilarity, check_rating_similarity
from ecomsql.models.neighbours import keep_nearest, nearest, neighbour_matrix
from ecomsql.models.profiles import (
    FEEDBACK,
    check_feedback,
    check_neighbours,
    check_recency,
    cut_long,
    damped,
    decay,
    never,
    user_means,
)
from ecomsql.models.recommender import Recommender
from ecomsql.models.row_blocks import product_costs
from ecomsql.models.similarity import Similarity, check_similarity, with_values
from ecomsql.models.sparse_ranking import best_of_blocks
from ecomsql.models.sparse_state import array_of, matrix_arrays, matrix_from

NEIGHBOURS = 50
RECENCY = 0.6
LENGTH_PENALTY = 0.2
"""BM25's b. Search engines take .75; of items, .1 to .3 recommends best on held-out data."""
REACH = 2
"""Items that one in the history speaks for, in multiples of neighbours: bounds the time a user."""
LONGEST = 500
"""Items of a user whose pairs are counted."""
PRIOR = 0.1
"""Similarity's worth of the user's mean that a predicted rating starts from."""


class Model(Recommender):
    """Scores items by their similarity to those in a user's history.

    Implicit feedback: the score of item i is the sum of ``recency ** steps * log2(1 + weight) *
    similarity(i, j)`` over those of the user's items j that are among the nearest of i, or i
    itself (Deshpande and Karypis, "Item-based top-N recommendation algorithms", 2004).

    Explicit feedback: the score is the rating predicted as the average of the user's own ratings,
    weighted by similarity (Sarwar, Karypis, Konstan and Riedl, "Item-based collaborative
    filtering recommendation algorithms", 2001), with the user's mean rating as a prior, so that
    one weak neighbour does not carry an item to the top.

    A user counts in at most 500 pairs an item, and an item speaks for at most twice `neighbours`
    others, so that time grows with the interactions, crawlers and bestsellers included.

    Memory: the data in two orders, ``n_items x neighbours``, and a block of products a thread:
    15 million interactions of a million users with 50,000 items take 1.3 GB.
    """

    method = "item_knn"

    def __init__(
        self, neighbours: csr_matrix, itself: Floats, *, feedback: str, recency: float
    ) -> None:
        self.neighbours = neighbours
        self.itself = itself
        self.feedback = feedback
        self.recency = recency
        self.n_items = len(itself)
        self.metrics = {}
        # Popular items are neighbours of very many: each speaks for those it is most similar to.
        widest = int(np.diff(neighbours.indptr).max(initial=0))
        self._votes = keep_nearest(csr_matrix(neighbours.T), max(REACH * widest, 1))

    @classmethod
    def fit(
        cls,
        data: Interactions,
        *,
        seed: int,
        neighbours: int = NEIGHBOURS,
        similarity: str = "auto",
        recency: float | None = None,
        feedback: str = "implicit",
    ) -> Self:
        """Find the nearest neighbours of every item.

        Parameters
        ----------
        data : Interactions
        seed : int
            Chooses which items of histories above 500 items are paired.
        neighbours : int
            How many to keep of each item.
        similarity : str
            ``'bm25'``, ``'cosine'``, ``'euclidean'``, ``'jaccard'``, ``'pearson'``, or ``'auto'``:
            bm25, and for ratings the adjusted cosine.
        recency : float, optional
            What an item counts for each step back in the history; 1 counts all the same.
        feedback : str
            ``'implicit'``: weights are strengths; ``'explicit'``: weights are ratings.

        Raises
        ------
        OptionError
            An option has a value that is not allowed.
        """
        explicit = check_feedback(feedback) == "explicit"
        size = min(check_neighbours(neighbours), max(data.n_items - 1, 1))
        decays = check_recency(recency, 1.0 if explicit else RECENCY)
        paired = cut_long(data, LONGEST, seed=seed)
        if explicit:
            name = check_rating_similarity(similarity, "cosine")
            matrix, itself = _alike_by_rating(paired, name, size)
        else:
            name = check_similarity(similarity, "bm25")
            matrix, itself = _alike(paired, name, size)
        model = cls(matrix, itself, feedback=feedback, recency=decays)
        model.metrics = {"similarity": name, "neighbours": size, "recency": decays}
        return model

    def scores(self, history: Interactions) -> torch.Tensor:
        """Return dense scores; ``-inf`` where no item of the history is a neighbour."""
        found = self._block(history, self._counted).tocoo()
        dense = np.full(found.shape, -np.inf, dtype=np.float32)
        dense[found.row, found.col] = found.data
        return torch.from_numpy(dense)

    def recommend(
        self, history: Interactions, k: int, *, exclude_seen: bool = True
    ) -> tuple[Ints, Floats]:
        """Return the best items of each user, as :meth:`Recommender.recommend` does, sparsely."""
        explicit = self.feedback == "explicit"
        matrix = self._ruled_out if exclude_seen and not explicit else self._counted

        def block(start: int, stop: int) -> csr_matrix:
            rows = history.rows(start, stop)
            found = self._block(rows, matrix)
            return found + rows.matrix(never(rows)) if exclude_seen and explicit else found

        costs = product_costs(history.matrix(), matrix)
        return best_of_blocks(block, costs, min(k, self.n_items), self.method)

    def similar_items(self, k: int) -> tuple[Ints, Floats]:
        """Return the nearest items of each, at most as many as the fit kept."""
        width = min(k, max(self.n_items - 1, 0))
        items = np.full((self.n_items, width), -1, dtype=np.int32)
        similarity = np.zeros(items.shape, dtype=np.float32)
        starts = self.neighbours.indptr
        rank = np.arange(self.neighbours.nnz) - np.repeat(starts[:-1], np.diff(starts))
        rows = np.repeat(np.arange(self.n_items), np.diff(starts))
        first = rank < width
        items[rows[first], rank[first]] = self.neighbours.indices[first]
        similarity[rows[first], rank[first]] = self.neighbours.data[first]
        return items, similarity

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the neighbours of each item, and how they are put to use."""
        arrays = matrix_arrays(self.neighbours) | {"itself": self.itself}
        return arrays, {"feedback": self.feedback, "recency": self.recency}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`."""
        itself = array_of(arrays, "itself", np.float32)
        if not np.isfinite(itself).all():
            raise ModelError("an item_knn model has a similarity that is not finite")
        matrix = matrix_from(arrays, len(itself))
        if matrix.shape[0] != len(itself):
            raise ModelError("an item_knn model holds as many rows of neighbours as items")
        feedback, recency = values.get("feedback"), values.get("recency")
        if feedback not in FEEDBACK or not isinstance(recency, float) or not 0 < recency <= 1:
            raise ModelError("an item_knn model has options that do not exist")
        return cls(matrix, itself, feedback=feedback, recency=recency)

    @cached_property
    def _counted(self) -> csr_matrix:
        """What to multiply histories with: neighbours, and each item itself."""
        return self._matrix(self.itself)

    @cached_property
    def _ruled_out(self) -> csr_matrix:
        """The same where an item rules itself out: whatever the history holds ends at -inf."""
        return self._matrix(np.full(self.n_items, -np.inf, dtype=np.float32))

    def _matrix(self, diagonal: Floats) -> csr_matrix:
        return csr_matrix(self._votes + diags_array(diagonal, format="csr"))

    def _block(self, rows: Interactions, matrix: csr_matrix) -> csr_matrix:
        decayed = decay(rows, self.recency)
        if self.feedback == "implicit":
            return rows.matrix(decayed * damped(rows.weights)) @ matrix
        return _predicted(rows, decayed, matrix)


def _alike(data: Interactions, name: str, k: int) -> tuple[csr_matrix, Floats]:
    """Return the k nearest of each item, and each item's similarity to itself."""
    rows = csr_matrix(data.matrix().T)
    fitted = Similarity.fit(name, rows, length_penalty=LENGTH_PENALTY)
    vectors = fitted.vectors(rows)
    transposed = csr_matrix(vectors.rows.T)
    costs = product_costs(vectors.rows, transposed)

    def block(start: int, stop: int) -> csr_matrix:
        return fitted.block(vectors.part(start, stop), vectors, transposed)

    found = nearest(block, costs, k, exclude_self=True, label="item_knn")
    return neighbour_matrix(*found, data.n_items), fitted.of_itself(vectors)


def _alike_by_rating(data: Interactions, name: str, k: int) -> tuple[csr_matrix, Floats]:
    """Return the same for ratings; the cosine is adjusted by each user's mean."""
    mean = user_means(data)[data.users] if name == "cosine" else 0
    ratings = data.matrix(data.weights - mean)
    items = csr_matrix(ratings.T)
    similarity = RatingSimilarity(name, items, ratings)
    costs = product_costs(items, ratings)
    found = nearest(similarity.block, costs, k, exclude_self=True, label="item_knn")
    return neighbour_matrix(*found, data.n_items), np.ones(data.n_items, dtype=np.float32)


def _predicted(rows: Interactions, decayed: Floats, matrix: csr_matrix) -> csr_matrix:
    """Return each user's average rating of similar items, weighted by similarity."""
    # One product of complex numbers gives the sums of both ratings and weights.
    profile = rows.matrix((decayed * (rows.weights + 1j)).astype(np.complex64))
    sums = profile @ matrix
    users = np.repeat(np.arange(rows.n_users), np.diff(sums.indptr))
    prior = PRIOR * user_means(rows)[users]
    ratings = (sums.data.real + prior) / (sums.data.imag + PRIOR)
    return with_values(sums, ratings.astype(np.float32))
