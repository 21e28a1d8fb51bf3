"""What similar_items and similar_users share: lists that were made beforehand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ecomsql import options
from ecomsql.errors import OptionError

from ._recommending import Request

if TYPE_CHECKING:
    from ecomsql.features.interactions import Floats, Ints
    from ecomsql.models.recommender import Recommender
    from ecomsql.models.trained import Trained


NEIGHBOURS = 50
"""Neighbours that a fit keeps of each thing, at least: calls with another k share the model."""


@dataclass(frozen=True, slots=True, eq=False)
class Neighbouring:
    """An open session: the neighbours of everything, shape (n, k), and their similarity."""

    neighbours: Ints
    similarity: Floats

    @property
    def nbytes(self) -> int:
        """Memory in bytes."""
        return self.neighbours.nbytes + self.similarity.nbytes

    def lists(self, codes: Ints) -> tuple[Ints, Floats]:
        """Return the neighbours (-1: none) of each of `codes`."""
        return self.neighbours[codes], self.similarity[codes]


def open_neighbours(
    request: Request,
    things: str,
    count: int,
    find: Callable[[Recommender, int], tuple[Ints, Floats]],
) -> Neighbouring:
    """Fit or take a model and find the neighbours of all `count` things.

    Raises
    ------
    OptionError
        If the method has no such things to compare.
    """
    k = options.whole("k", request.options["k"], at_least=1)
    nothing = Neighbouring(np.zeros((count, 0), np.int32), np.zeros((count, 0), np.float32))
    if len(request.data.items) == 0 and request.model is None:
        request.check_method()
        return nothing
    trained = _trained(request, k)
    try:
        return Neighbouring(*find(trained.model, min(k, count - 1))) if count > 1 else nothing
    except NotImplementedError as error:
        raise OptionError(
            f"method '{trained.model.method}' has no {things} to compare; take another method"
        ) from error


def _trained(request: Request, k: int) -> Trained:
    """Return the model; cosine is the default similarity: 1 is the same, 0 unrelated."""
    if request.model is not None:
        return request.trained()[1]
    own = dict(request.options["method_options"])
    if request.options["method"] in ("item_knn", "user_knn"):
        defaults = {"similarity": "cosine", "neighbours": max(k, NEIGHBOURS)}
        own |= {name: value for name, value in defaults.items() if own[name] is None}
    return replace(request, options={**request.options, "method_options": own}).trained()[1]
