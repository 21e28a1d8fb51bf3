"""Embedders by the name of their method, and as what a blob holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ecomsql import options as check
from ecomsql.errors import ModelError
from ecomsql.models import embedders
from ecomsql.models.embedder import Embedder
from ecomsql.models.embedders import minilm
from ecomsql.storage import StoredModel

TASK = "embed"
LEARNED_FROM = 50_000
"""Different texts that an embedder learns from, at most."""
ENOUGH = 500
"""Different texts from which on 'auto' learns, instead of hashing."""
WIDEST = 4096
"""Dimensions at most."""


def methods() -> list[str]:
    """Return the names that `method` may have."""
    return [*embedders.methods(), "auto"]


def check_dims(dims: Any) -> int:
    """Return the length of vectors; raise OptionError for none from 1 to 4096."""
    return int(check.number("dims", check.whole("dims", dims, at_least=1), low=1, high=WIDEST))


def check_method(method: Any) -> str:
    """Return the method, or the folder of an encoder; raise OptionError for neither."""
    if isinstance(method, str) and minilm.is_folder(method):
        return method
    return check.choice("method", method, methods())


def fit_embedder(method: Any, texts: Sequence[str], *, dims: int, seed: int) -> Embedder:
    """Fit `method` on texts, whatever their order; equal ones count once.

    Parameters
    ----------
    method : str
        One of :func:`methods`, or a folder with an encoder of sentences. 'auto' is tfidf_svd, and
        hash where there are fewer than 500 different texts.
    texts : sequence of str
        Of more than 50,000 different ones, as many are drawn.
    dims : int
        Length of the vectors.
    seed : int

    Raises
    ------
    OptionError
        For an unknown method.
    """
    name = check_method(method)
    if minilm.is_folder(name):
        return minilm.Model(dims, name)
    different = sorted(set(texts))
    if name == "auto":
        name = "tfidf_svd" if len(different) >= ENOUGH else "hash"
    if len(different) > LEARNED_FROM:
        draw = np.random.default_rng(seed).choice(len(different), LEARNED_FROM, replace=False)
        different = [different[at] for at in np.sort(draw)]
    return embedders.method(name).fit(different, dims=dims, seed=seed)


def stored(model: Embedder) -> StoredModel:
    """Return what a blob holds."""
    arrays, values = model.state()
    return StoredModel(TASK, model.method, arrays, values)


def restored(found: StoredModel) -> Embedder:
    """Restore an embedder; raise ModelError if anything does not fit."""
    if found.method not in embedders.methods():
        raise ModelError(f"the model's method '{found.method}' is unknown to this version")
    return embedders.method(found.method).from_state(found.arrays, found.values)
