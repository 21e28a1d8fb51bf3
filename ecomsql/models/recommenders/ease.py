"""EASE: every item fitted by all the others, in closed form."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Self

import numpy as np
import torch
from scipy.sparse import csr_matrix, diags_array

from ecomsql import options as check
from ecomsql.errors import DataError, ModelError
from ecomsql.features.interactions import Floats, Interactions, Ints
from ecomsql.models.ease_options import tuned
from ecomsql.models.item_pairs import forward_matrix, gram_matrix
from ecomsql.models.item_regression import inverse_, regression_weights
from ecomsql.models.item_weights import (
    item_weights_from,
    nearest_sparse,
    number_from,
    positive_scores,
    recommend_sparse,
)
from ecomsql.models.positives import positives, threshold
from ecomsql.models.profiles import decay
from ecomsql.models.recommender import Recommender
from ecomsql.models.sparse_state import array_of, matrix_arrays

MEMORY = 8e9
"""Bytes that the one dense items x items matrix may take: 44,721 items."""
TOP = 200
"""Weights kept of each item."""


class Model(Recommender):
    """Scores items by a linear regression of each item on all the others.

    ``P = (G + regularization I)^-1`` and ``B[i, j] = -P[i, j] / P[j, j]`` with a zero diagonal
    (Steck, "Embarrassingly shallow autoencoders for sparse data", 2019); the score of item j is
    the sum of ``recency ** steps * B[i, j]`` over the items i of the history. Items whose score
    is not above 0 are not recommended.

    Where there are times, pairs of items count ``closeness`` for every step between the two in
    G (:func:`~ecomsql.models.item_pairs.pair_weights`), and the regression aims at what came
    later: ``reverse`` is what a pair counts from the later item to the earlier one
    (:func:`~ecomsql.models.item_regression.regression_weights`; close to Choi et al.,
    "Session-aware linear item-item models for session-based recommendation", 2021). With 1 for
    both this is Steck's model. With ratings, X holds those of at least 80 % of the highest (Liang
    et al., "Variational autoencoders for collaborative filtering", 2018, take 4 and 5 of 5 stars).

    Memory: one float32 matrix of n_items x n_items while it is fitted; then the `top` largest
    weights of each item.
    """

    method = "ease"

    def __init__(
        self, weights: csr_matrix, spread: Floats, *, recency: float, threshold: float
    ) -> None:
        self.weights = weights
        self.spread = spread
        self.recency = recency
        self.threshold = threshold
        self.n_items = len(spread)
        self.metrics = {}

    @classmethod
    def fit(
        cls,
        data: Interactions,
        *,
        seed: int,
        regularization: float | None = None,
        recency: float | None = None,
        closeness: float | None = None,
        reverse: float | None = None,
        top: int = TOP,
        feedback: str = "implicit",
    ) -> Self:
        """Solve the regression.

        Parameters
        ----------
        data : Interactions
        seed : int
            Chooses the users of whom an item is held out, where options are chosen.
        regularization : float, optional
            Added to the diagonal, in users. Default: chosen by what guesses held-out items best
            among the most popular items.
        recency : float, optional
            What an item counts for each step back in the history; 1 counts all the same.
            Default: chosen by what guesses held-out items best.
        closeness : float, optional
            What a pair of items of a user counts for each step between them, in training; 1
            counts all the same. Default: chosen as the regularization is.
        reverse : float, optional
            What a pair counts, in training, from its later item to its earlier one; 1 makes
            both directions the same. Default: chosen as the regularization is.
        top : int
            How many weights to keep of each item, the largest in absolute value.
        feedback : str
            ``'implicit'``: whatever was taken counts; ``'explicit'``: weights are ratings.

        Raises
        ------
        OptionError
            An option has a value that is not allowed.
        DataError
            The catalogue is too large for a dense matrix.
        """
        given = {
            "regularization": regularization,
            "closeness": closeness,
            "reverse": reverse,
            "recency": recency,
        }
        top = check.whole("top", top, at_least=1)
        check_memory(data.n_items)
        least = threshold(data, feedback)
        liked = positives(data, least)
        use = tuned(liked, given, seed=seed)
        inverse = inverse_(gram_matrix(liked, closeness=use.closeness), use.regularization)
        forward = None
        if use.reverse < 1:
            forward = forward_matrix(liked, closeness=use.closeness)
        weights = regression_weights(inverse, forward, reverse=use.reverse, top=top)
        spread = inverse.diagonal().numpy().copy()
        model = cls(weights, spread, recency=use.recency, threshold=least)
        model.metrics = asdict(use) | {
            "weights": weights.nnz,
            "density": weights.nnz / max(data.n_items**2, 1),
        }
        return model

    def scores(self, history: Interactions) -> torch.Tensor:
        """Return dense scores; ``-inf`` where the score is not above 0."""
        liked = positives(history, self.threshold)
        found = positive_scores(liked.matrix(decay(liked, self.recency)), self.weights).tocoo()
        dense = np.full(found.shape, -np.inf, dtype=np.float32)
        dense[found.row, found.col] = found.data
        return torch.from_numpy(dense)

    def recommend(
        self, history: Interactions, k: int, *, exclude_seen: bool = True
    ) -> tuple[Ints, Floats]:
        """Return the best items of each user, as :meth:`Recommender.recommend` does, sparsely."""
        values = np.zeros(len(history.items), dtype=np.float32)
        liked = positives(history, self.threshold)
        values[history.weights >= self.threshold] = decay(liked, self.recency)
        return recommend_sparse(history, values, self.weights, k, exclude_seen=exclude_seen)

    def similar_items(self, k: int) -> tuple[Ints, Floats]:
        """Return the nearest items of each by the weight of one for the other, above 0.

        A weight of i for j, times ``sqrt(P[j, j] / P[i, i])``: at reverse = 1 that is the partial
        correlation of the two, how they go together when all other items are held fixed, with
        the regularization as a prior. Of the two directions the larger counts, at most 1.
        """
        root = np.sqrt(self.spread)
        scaled = csr_matrix(diags_array(1 / root) @ self.weights @ diags_array(root))
        near = csr_matrix(scaled.maximum(scaled.T))
        near.data = np.minimum(near.data, 1)
        return nearest_sparse(near, k)

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the weights, the diagonal of the inverse, and how they are put to use."""
        arrays = matrix_arrays(self.weights) | {"spread": self.spread}
        return arrays, {"recency": self.recency, "threshold": self.threshold}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`."""
        spread = array_of(arrays, "spread", np.float32)
        if not (np.isfinite(spread) & (spread > 0)).all():
            raise ModelError("an ease model has a spread that is not above 0")
        return cls(
            item_weights_from(arrays, len(spread)),
            spread,
            recency=number_from(values, "recency", high=1.0),
            threshold=number_from(values, "threshold", high=np.inf),
        )


def check_memory(n_items: int) -> None:
    """Raise DataError where a dense matrix of `n_items` squared is more than MEMORY."""
    needed = 4.0 * n_items**2
    if needed > MEMORY:
        raise DataError(
            f"method 'ease' needs a dense matrix of {n_items:,} x {n_items:,} items,"
            f" {needed / 1e9:.1f} GB, and may take {MEMORY / 1e9:.1f} GB;"
            " als, item_knn and gfcf work at this size"
        )
