"""GF-CF: a linear and an ideal low-pass filter over the graph of users and items."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch

from ecomsql import options as check
from ecomsql.errors import ModelError
from ecomsql.features.interactions import Floats, Interactions, Ints
from ecomsql.models.graph_filter import GraphFilter, graph_filter
from ecomsql.models.graph_filter_options import tuned
from ecomsql.models.item_weights import item_weights_from, number_from
from ecomsql.models.positives import positives, threshold
from ecomsql.models.profiles import decay
from ecomsql.models.ranking import top_k
from ecomsql.models.recommender import BATCH, Recommender
from ecomsql.models.sparse_state import array_of, matrix_arrays
from ecomsql.progress import track

FACTORS = 256
TOP = 300
"""Neighbours kept of each item."""

MOST_ALPHA = 1e6
"""Beyond this the low-pass filter is all that counts, and float32 ends."""


class Model(Recommender):
    """Scores items by smoothing a user's history over the graph of users and items.

    With ``R = D_u^-1/2 X D_i^-1/2``, the scores of a history x are
    ``x (R'R + alpha D_i^-1/2 V V' D_i^1/2)``, V the leading right singular vectors of R: GF-CF
    (Shen et al., "How powerful is graph convolution for recommendation?", 2021). An item of the
    history counts ``recency ** steps``. R'R is cut to the largest entries of each item, so that
    users can be scored without the data that the model learned from.

    Memory: a multiple of the interactions, and ``n_items x (top + 2 factors)``; no dense matrix
    of items x items, so that it works where EASE does not.
    """

    method = "gfcf"

    def __init__(
        self, filters: GraphFilter, *, alpha: float, recency: float, threshold: float
    ) -> None:
        self.filters = filters
        self.alpha = alpha
        self.recency = recency
        self.threshold = threshold
        self.n_items = len(filters.degrees)
        self.metrics = {}

    @classmethod
    def fit(
        cls,
        data: Interactions,
        *,
        seed: int,
        factors: int = FACTORS,
        alpha: float | None = None,
        recency: float | None = None,
        top: int = TOP,
        feedback: str = "implicit",
    ) -> Self:
        """Compute the filters.

        Parameters
        ----------
        data : Interactions
        seed : int
            For the random start of the singular vectors, and for the users of whom an item is
            held out where options are chosen.
        factors : int
            Number of singular vectors.
        alpha : float, optional
            What the low-pass filter counts beside the neighbours, 0 or more. Default: chosen by
            what guesses held-out items best among the most popular items.
        recency : float, optional
            What an item counts for each step back in the history; 1 counts all the same.
            Default: chosen as alpha is.
        top : int
            How many neighbours to keep of each item.
        feedback : str
            ``'implicit'``: whatever was taken counts; ``'explicit'``: weights are ratings, and
            those of at least 80 % of the highest count.

        Raises
        ------
        OptionError
            An option has a value that is not allowed.
        """
        factors = check.whole("factors", factors, at_least=1)
        top = check.whole("top", top, at_least=1)
        if alpha is not None:
            alpha = check.number("alpha", alpha, low=0.0, high=MOST_ALPHA)
        if recency is not None:
            recency = check.number("recency", recency, low=1e-3, high=1.0)
        least = threshold(data, feedback)
        liked = positives(data, least)
        alpha, recency = tuned(liked, alpha, recency, factors=factors, top=top, seed=seed)
        filters = graph_filter(liked, factors=factors, top=top, seed=seed)
        model = cls(filters, alpha=alpha, recency=recency, threshold=least)
        model.metrics = {
            "alpha": alpha,
            "recency": recency,
            "factors": filters.vectors.shape[1],
            "neighbours": filters.neighbours.nnz,
            "density": filters.neighbours.nnz / max(data.n_items**2, 1),
        }
        return model

    def scores(self, history: Interactions) -> torch.Tensor:
        """Return dense scores; ``-inf`` for a user without history."""
        liked = positives(history, self.threshold)
        profiles = liked.matrix(decay(liked, self.recency))
        scores = torch.from_numpy(self.filters.passed(profiles, self.alpha))
        scores[torch.from_numpy(liked.lengths == 0)] = -torch.inf
        return scores

    def similar_items(self, k: int) -> tuple[Ints, Floats]:
        """Return the nearest items of each by the cosine in the filtered space.

        The inner product of two filtered items is their entry in ``R'R + alpha V V'``; only
        those above 0 are given.
        """
        n, filters = self.n_items, self.filters
        items = np.full((n, max(min(k, n - 1), 0)), -1, dtype=np.int32)
        cosines = np.zeros(items.shape, dtype=np.float32)
        vectors = torch.from_numpy(filters.vectors * np.float32(self.alpha**0.5))
        norms = torch.from_numpy(filters.itself) + vectors.square().sum(dim=1)
        unit = norms.clamp_min(1e-30).rsqrt()
        for start in track(range(0, n if items.size else 0, BATCH), self.method):
            stop = min(start + BATCH, n)
            block = torch.from_numpy(filters.neighbours[start:stop].toarray())
            block.addmm_(vectors[start:stop], vectors.T)
            block.mul_(unit[start:stop, None]).mul_(unit)
            block[torch.arange(stop - start), torch.arange(start, stop)] = -torch.inf
            block[block <= 0] = -torch.inf
            items[start:stop], cosines[start:stop] = top_k(block, items.shape[1])
        return items, cosines

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the filters, and how they are put to use."""
        arrays = matrix_arrays(self.filters.neighbours) | {
            "itself": self.filters.itself,
            "vectors": self.filters.vectors,
            "degrees": self.filters.degrees,
        }
        values = {"alpha": self.alpha, "recency": self.recency, "threshold": self.threshold}
        return arrays, values

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`."""
        itself = array_of(arrays, "itself", np.float32)
        degrees = array_of(arrays, "degrees", np.float32)
        vectors = arrays.get("vectors")
        if not isinstance(vectors, np.ndarray) or vectors.dtype != np.float32 or vectors.ndim != 2:
            raise ModelError("a gfcf model needs the table 'vectors' of type float32")
        if not len(itself) == len(degrees) == len(vectors):
            raise ModelError("a gfcf model has arrays for different numbers of items")
        if not all(np.isfinite(array).all() for array in (itself, degrees, vectors)):
            raise ModelError("a gfcf model has numbers that are not finite")
        if (itself < 0).any() or (degrees < 0).any():
            raise ModelError("a gfcf model has numbers of users below 0")
        neighbours = item_weights_from(arrays, len(degrees))
        return cls(
            GraphFilter(neighbours, itself, vectors, degrees),
            alpha=number_from(values, "alpha", high=MOST_ALPHA),
            recency=number_from(values, "recency", high=1.0),
            threshold=number_from(values, "threshold", high=np.inf),
        )
