"""User-based nearest neighbours: what people with a like history took."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch
from scipy.sparse import csr_matrix

from ecomsql.errors import ModelError
from ecomsql.features.interactions import Floats, Interactions, Ints
from ecomsql.models.corated import (
    RATING_FORMULAS,
    RatingSimilarity,
    check_rating_similarity,
)
from ecomsql.models.neighbours import keep_nearest, nearest
from ecomsql.models.profiles import (
    FEEDBACK,
    check_feedback,
    check_neighbours,
    check_recency,
    damped,
    decay,
    never,
    user_means,
)
from ecomsql.models.recommender import Recommender
from ecomsql.models.row_blocks import product_costs
from ecomsql.models.similarity import (
    PLAIN,
    SIMILARITIES,
    Similarity,
    check_similarity,
    with_values,
)
from ecomsql.models.sparse_ranking import Block, best_of_blocks
from ecomsql.models.sparse_state import array_of, matrix_arrays, matrix_from

NEIGHBOURS = 100
RECENCY = 0.7
LENGTH_PENALTY = 0.75
"""BM25's b, at its usual value."""
PRIOR = 0.1
"""Similarity's worth of the user's mean that a predicted rating starts from."""


class Model(Recommender):
    """Scores items by the users with a similar history who took them.

    Implicit feedback: the score of item i is the sum over the user's nearest neighbours v of
    ``similarity(u, v) * sqrt(recency) ** steps * log2(1 + weight of i)``, with steps and weight of
    i in the history of v (Sarwar, Karypis, Konstan and Riedl, "Analysis of recommendation
    algorithms for e-commerce", 2000).

    Explicit feedback: the user's mean rating plus the average of the neighbours' deviations from
    theirs, weighted by similarity (Resnick, Iacovou, Suchak, Bergstrom and Riedl, "GroupLens",
    1994) and by significance (Herlocker et al., 1999). A prior of no deviation keeps an item that
    one weak neighbour rated from the top.

    A user who is in the training data is a neighbour of herself: that moves only items she has.

    Memory: the training data, and one block of products a thread. Time grows with users times
    the popularity of their items: made for up to some 100,000 users.
    """

    method = "user_knn"

    def __init__(
        self,
        training: csr_matrix,
        votes: Floats,
        *,
        neighbours: int,
        similarity: str,
        recency: float,
        feedback: str,
    ) -> None:
        self.training = training
        self.votes = votes
        self.neighbours = neighbours
        self.similarity = similarity
        self.recency = recency
        self.feedback = feedback
        self.n_items = training.shape[1]
        self._items = csr_matrix(training.T)
        if feedback == "implicit":
            self._fitted = Similarity.fit(similarity, training, length_penalty=LENGTH_PENALTY)
            self._users = self._fitted.vectors(training)
            self._transposed = csr_matrix(self._users.rows.T)
            self._votes = with_values(training, votes)
        else:
            self._votes = _deviations(training)
        self.metrics = {"similarity": similarity, "neighbours": neighbours, "recency": recency}

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
        """Keep the training data; the seed changes nothing.

        Parameters
        ----------
        data : Interactions
        seed : int
        neighbours : int
            How many similar users have a say.
        similarity : str
            ``'bm25'``, ``'cosine'``, ``'euclidean'``, ``'jaccard'``, ``'pearson'``, or ``'auto'``:
            bm25, and for ratings Pearson's.
        recency : float, optional
            What an item of the user counts for each step back in the history, where the
            similarity is a dot product (bm25, cosine); neighbours' items count its square root
            for each step. 1 counts all the same.
        feedback : str
            ``'implicit'``: weights are strengths; ``'explicit'``: weights are ratings.

        Raises
        ------
        OptionError
            An option has a value that is not allowed.
        """
        explicit = check_feedback(feedback) == "explicit"
        check = check_rating_similarity if explicit else check_similarity
        decays = check_recency(recency, 1.0 if explicit else RECENCY)
        return cls(
            data.matrix(),
            damped(data.weights) * decay(data, float(np.sqrt(decays))),
            neighbours=check_neighbours(neighbours),
            similarity=check(similarity, "pearson" if explicit else "bm25"),
            recency=decays,
            feedback=feedback,
        )

    def scores(self, history: Interactions) -> torch.Tensor:
        """Return dense scores; ``-inf`` where no neighbour took the item."""
        found = self._scores(history)(0, history.n_users).tocoo()
        dense = np.full(found.shape, -np.inf, dtype=np.float32)
        dense[found.row, found.col] = found.data
        return torch.from_numpy(dense)

    def recommend(
        self, history: Interactions, k: int, *, exclude_seen: bool = True
    ) -> tuple[Ints, Floats]:
        """Return the best items of each user, as :meth:`Recommender.recommend` does, sparsely."""
        scores = self._scores(history)

        def block(start: int, stop: int) -> csr_matrix:
            rows = history.rows(start, stop)
            found = scores(start, stop)
            return found + rows.matrix(never(rows)) if exclude_seen else found

        costs = product_costs(history.matrix(), self._items)
        n_users = self.training.shape[0]
        votes = min(self.neighbours, n_users) * self.training.nnz // max(n_users, 1)
        return best_of_blocks(block, costs + votes, min(k, self.n_items), self.method)

    def similar_users(self, history: Interactions, k: int) -> tuple[Ints, Floats]:
        """Return the k users of `history` nearest to each, whatever the times: codes, similarity.

        Items weigh by how rare they are in the training data, where the similarity asks for it.
        """
        matrix = history.matrix()
        costs = product_costs(matrix, csr_matrix(matrix.T))
        width = min(k, max(history.n_users - 1, 0))
        block = self._alike_within(history)
        return nearest(block, costs, width, exclude_self=True, label="similar_users")

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the training data, and how it is put to use."""
        values = {
            "n_items": self.n_items,
            "neighbours": self.neighbours,
            "similarity": self.similarity,
            "recency": self.recency,
            "feedback": self.feedback,
        }
        return matrix_arrays(self.training) | {"votes": self.votes}, values

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`."""
        n_items, neighbours = _count(values, "n_items"), _count(values, "neighbours")
        similarity, feedback = str(values.get("similarity")), values.get("feedback")
        allowed = RATING_FORMULAS if feedback == "explicit" else SIMILARITIES
        if feedback not in FEEDBACK or similarity not in allowed:
            raise ModelError("a user_knn model has a similarity or feedback that does not exist")
        recency = values.get("recency")
        if not isinstance(recency, float) or not 0 < recency <= 1:
            raise ModelError("a user_knn model has a recency that is not above 0 and at most 1")
        training, votes = matrix_from(arrays, n_items), array_of(arrays, "votes", np.float32)
        if len(votes) != training.nnz or not (np.isfinite(votes) & (votes >= 0)).all():
            raise ModelError("a user_knn model holds a vote for each interaction")
        return cls(
            training,
            votes,
            neighbours=neighbours,
            similarity=similarity,
            recency=recency,
            feedback=feedback,
        )

    def _scores(self, history: Interactions) -> Block:
        """Return what gives the scores of a block of users."""
        alike = self._alike_to_training(history)
        if self.feedback == "implicit":
            return lambda start, stop: (
                keep_nearest(alike(start, stop), self.neighbours) @ self._votes
            )
        means = user_means(history)

        def predicted(start: int, stop: int) -> csr_matrix:
            sums = keep_nearest(alike(start, stop), self.neighbours) @ self._votes
            users = np.repeat(np.arange(start, stop), np.diff(sums.indptr))
            ratings = means[users] + sums.data.real / (sums.data.imag + PRIOR)
            return with_values(sums, ratings.astype(np.float32))

        return predicted

    def _alike_to_training(self, history: Interactions) -> Block:
        """Return what gives the similarities of a block of users to the training users."""
        if self.feedback == "explicit":
            return RatingSimilarity(self.similarity, history.matrix(), self._items).block
        query = self._fitted.vectors(history.matrix())
        if self.similarity in PLAIN:
            query.rows.data *= decay(history, self.recency)
        return lambda start, stop: self._fitted.block(
            query.part(start, stop), self._users, self._transposed
        )

    def _alike_within(self, history: Interactions) -> Block:
        """Return what gives the similarities of a block of users to all of `history`."""
        matrix = history.matrix()
        if self.feedback == "explicit":
            return RatingSimilarity(self.similarity, matrix, csr_matrix(matrix.T)).block
        vectors = self._fitted.vectors(matrix)
        transposed = csr_matrix(vectors.rows.T)
        return lambda start, stop: self._fitted.block(
            vectors.part(start, stop), vectors, transposed
        )


def _deviations(ratings: csr_matrix) -> csr_matrix:
    """Return each rating less the user's mean, and an imaginary 1 that counts the raters."""
    lengths = np.diff(ratings.indptr)
    users = np.repeat(np.arange(len(lengths)), lengths)
    sums = np.bincount(users, weights=ratings.data, minlength=len(lengths))
    means = (sums / np.maximum(lengths, 1))[users]
    return with_values(ratings, (ratings.data - means + 1j).astype(np.complex64))


def _count(values: dict[str, Any], name: str) -> int:
    value = values.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31:
        raise ModelError(f"a user_knn model needs a number above 0 as '{name}'")
    return value
