"""A recommender with what goes with it: the items' ids, popularity, and vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Self

import numpy as np

from ecomsql.errors import ModelError
from ecomsql.features.audience import audience_vectors
from ecomsql.features.interactions import Floats, Interactions
from ecomsql.features.popularity import popularity
from ecomsql.models import recommenders
from ecomsql.models.fitting import fit
from ecomsql.models.leading_items import LeadingItems
from ecomsql.models.recommender import Recommender
from ecomsql.models.shortlist import Shortlist
from ecomsql.storage import StoredModel, pack_text, unpack_text

TASK = "recommend"


@dataclass(frozen=True, eq=False)
class Trained:
    """A fitted recommender, ready to answer or to be stored.

    Attributes
    ----------
    popularity : float32 array, shape (n_items,)
    find_vectors : callable
        Gives the vectors; called when they are first asked for, as most calls never do.
    """

    model: Recommender
    popularity: Floats
    find_vectors: Callable[[], Floats]

    @cached_property
    def vectors(self) -> Floats:
        """Unit vectors of the items, shape (n_items, d), by their audiences.

        See :func:`~ecomsql.features.audience.audience_vectors`.
        """
        return self.find_vectors()

    @classmethod
    def fit(
        cls,
        method: Any,
        data: Interactions,
        *,
        seed: int,
        options: Mapping[str, Any],
        feedback: str,
        repeats: bool = False,
    ) -> Self:
        """Fit `method`; see :func:`ecomsql.models.fitting.fit`."""
        model = fit(method, data, seed=seed, options=options, feedback=feedback, repeats=repeats)
        return cls(model, popularity(data), partial(audience_vectors, data, seed=seed))

    def shortlist(self, *, k: int, exclude_seen: bool, diversity: float) -> Shortlist:
        """Return what makes lists of this model's scores."""
        popular = LeadingItems(self.popularity)
        vectors = self.vectors if diversity > 0 else np.zeros((0, 0), dtype=np.float32)
        return Shortlist(self.model, popular, vectors, k, exclude_seen, diversity)

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes; the vectors, 64 numbers an item, are counted in."""
        return self.model.nbytes + 65 * self.popularity.nbytes

    def stored(self, item_ids: list[str]) -> StoredModel:
        """Return what a blob holds, with the items' ids as text in the order of their codes."""
        arrays, values = self.model.state()
        own = {f"model.{name}": array for name, array in arrays.items()}
        shared = {"popularity": self.popularity, "vectors": self.vectors}
        ids = {f"item.{name}": array for name, array in pack_text(item_ids).items()}
        return StoredModel(TASK, self.model.method, {**own, **shared, **ids}, values)

    @classmethod
    def restored(cls, stored: StoredModel) -> tuple[Self, list[str]]:
        """Restore a model and the ids of its items; raise ModelError if anything does not fit."""
        if stored.method not in recommenders.methods():
            raise ModelError(f"the model's method '{stored.method}' is unknown to this version")
        arrays = stored.arrays
        try:
            ids = unpack_text(arrays["item.text"], arrays["item.offsets"])
            worth, vectors = arrays["popularity"], arrays["vectors"]
        except KeyError as error:
            raise ModelError(f"the model lacks {error}") from error
        own = {
            name.removeprefix("model."): array
            for name, array in arrays.items()
            if name.startswith("model.")
        }
        model = recommenders.method(stored.method).from_state(own, stored.values)
        _check(worth, (len(ids),))
        _check(vectors, (len(ids), vectors.shape[-1] if vectors.ndim else 0))
        if model.n_items != len(ids):
            raise ModelError(f"the model has {model.n_items} items and {len(ids)} ids")
        return cls(model, worth, lambda: vectors), ids


def _check(array: np.ndarray, shape: tuple[int, ...]) -> None:
    if array.dtype != np.float32 or array.shape != shape or not np.isfinite(array).all():
        raise ModelError("the model's arrays are damaged")
