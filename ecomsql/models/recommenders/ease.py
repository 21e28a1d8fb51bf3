"""EASE: every item fitted by all the others, in closed form."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch
from scipy.sparse import csr_matrix, diags_array

from ecomsql import options as check
from ecomsql.errors import DataError, ModelError
from ecomsql.features.interactions import Floats, Interactions, Ints
from ecomsql.models import ease_options as tune
from ecomsql.models.gram import gram_matrix
from ecomsql.models.held_out import clearly_best, hold_out
from ecomsql.models.item_weights import (
    item_weights_from,
    nearest_sparse,
    positive_scores,
    recommend_sparse,
)
from ecomsql.models.linear_validation import leave_one_out_gains
from ecomsql.models.positives import positives, threshold
from ecomsql.models.profiles import decay
from ecomsql.models.recommender import Recommender
from ecomsql.models.sparse_state import array_of, matrix_arrays
from ecomsql.models.spd_inverse import spd_inverse_
from ecomsql.models.top_entries import top_entries

MEMORY = 8e9
"""Bytes that the one dense items x items matrix may take: 44,721 items."""
USERS = 2000
"""Users held out to choose the recency."""
TOP = 300
"""Weights kept of each item."""


class Model(Recommender):
    """Scores items by a linear regression of each item on all the others.

    ``P = (G + regularization I)^-1`` and ``B[i, j] = -P[i, j] / P[j, j]`` with a zero diagonal
    (Steck, "Embarrassingly shallow autoencoders for sparse data", 2019); the score of item j is
    the sum of ``recency ** steps * B[i, j]`` over the items i of the history. Items whose score
    is not above 0 are not recommended.

    G counts the users who took both items, each with ``closeness ** |steps between the two|``;
    at closeness 1 that is Steck's ``X'X``. With ratings, X holds those of at least 80 % of the
    highest (Liang et al., "Variational autoencoders for collaborative filtering", 2018, take 4
    and 5 of 5 stars).

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
        regularization = _optional("regularization", regularization, high=np.inf)
        recency = _optional("recency", recency, high=1.0)
        closeness = _optional("closeness", closeness, high=1.0)
        top = check.whole("top", top, at_least=1)
        check_memory(data.n_items)
        least = threshold(data, feedback)
        liked = positives(data, least)
        regularization, closeness = _tuned(liked, regularization, closeness, seed)
        inverse = gram_matrix(liked, closeness=closeness)
        inverse.diagonal().add_(regularization)
        spd_inverse_(inverse)
        if recency is None:
            recency = _recency(inverse, liked, closeness, seed)
        weights = _weights(inverse, top)
        model = cls(weights, inverse.diagonal().numpy().copy(), recency=recency, threshold=least)
        model.metrics = {
            "regularization": regularization,
            "closeness": closeness,
            "recency": recency,
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
        """Return the nearest items of each by partial correlation, where it is above 0.

        ``-P[i, j] / sqrt(P[i, i] P[j, j])``: how two items go together when all others are held
        fixed (with the regularization as a prior); the geometric mean of the weights of i for j
        and of j for i.
        """
        root = np.sqrt(self.spread)
        scaled = diags_array(1 / root) @ self.weights @ diags_array(root)
        # Either of the two weights may have been cut; the correlation is the same.
        return nearest_sparse(csr_matrix(scaled.maximum(scaled.T)), k)

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
        weights = item_weights_from(arrays, len(spread))
        recency, least = values.get("recency"), values.get("threshold")
        if not isinstance(recency, float) or not 0 < recency <= 1:
            raise ModelError("an ease model has a recency outside 0 to 1")
        if not isinstance(least, float) or not 0 <= least < np.inf:
            raise ModelError("an ease model has a threshold that is not a number")
        return cls(weights, spread, recency=recency, threshold=least)


def check_memory(n_items: int) -> None:
    """Raise DataError where a dense matrix of `n_items` squared is more than MEMORY."""
    needed = 4.0 * n_items**2
    if needed > MEMORY:
        raise DataError(
            f"method 'ease' needs a dense matrix of {n_items:,} x {n_items:,} items,"
            f" {needed / 1e9:.1f} GB, and may take {MEMORY / 1e9:.1f} GB;"
            " als, item_knn and gfcf work at this size"
        )


def _optional(name: str, value: float | None, *, high: float) -> float | None:
    return None if value is None else check.number(name, value, low=1e-3, high=high)


def _tuned(
    data: Interactions, regularization: float | None, closeness: float | None, seed: int
) -> tuple[float, float]:
    """Return both options, those not given chosen on the most popular items."""
    if regularization is not None and closeness is not None:
        return regularization, closeness
    part = tune.most_popular(data, tune.ITEMS)
    if closeness is None:
        start = tune.REGULARIZATIONS[0] if regularization is None else regularization
        closeness = tune.choose_closeness(part, regularization=start, seed=seed)
    if regularization is None:
        regularization = tune.choose_regularization(part, closeness=closeness, seed=seed)
    return regularization, closeness


def _recency(inverse: torch.Tensor, data: Interactions, closeness: float, seed: int) -> float:
    """Return the recency that guesses held-out items best; 1 without times."""
    if data.steps is None or not data.steps.any():
        return 1.0
    held = hold_out(data, users=USERS, seed=seed)
    found = leave_one_out_gains(inverse, held, tune.RECENCIES, closeness=closeness)
    return tune.RECENCIES[clearly_best(found)]


def _weights(inverse: torch.Tensor, top: int) -> csr_matrix:
    """Return the regression weights, cut to the `top` of each item."""
    scale = -1 / inverse.diagonal()

    def block(start: int, stop: int) -> torch.Tensor:
        rows = inverse[start:stop] * scale
        rows[torch.arange(stop - start), torch.arange(start, stop)] = 0
        return rows

    return top_entries(block, len(inverse), len(inverse), top)
