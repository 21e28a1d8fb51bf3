"""Measures of ranked lists against what users took in truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.interactions import Floats, Interactions, Ints

Numbers = NDArray[np.float64]

METRICS = (
    "hit_rate",
    "precision",
    "recall",
    "ndcg",
    "mrr",
    "map",
    "coverage",
    "diversity",
    "novelty",
    "users",
)


def hits(items: Ints, truth: Interactions) -> NDArray[np.bool_]:
    """Return which places of the lists hold an item that the user took, shape of `items`."""
    keys = truth.users.astype(np.int64) * truth.n_items + truth.items
    listed = np.arange(len(items))[:, None].astype(np.int64) * truth.n_items + items
    found: NDArray[np.bool_] = np.isin(listed, keys) & (items >= 0)
    return found


def ranking_metrics(
    items: Ints, truth: Interactions, *, k: int, train: Interactions, vectors: Floats
) -> dict[str, float]:
    """Measure lists, averaged over users with something to find.

    Parameters
    ----------
    items : int32 array, shape (n_users, at most k)
        The lists, best first; -1 marks an empty place.
    truth : Interactions
        What each of the same users took.
    k : int
        Length of a full list: the divisor of precision and the depth of the ideal list.
    train : Interactions
        What the lists were learned from, for novelty.
    vectors : float32 array, shape (n_items, d)
        Unit vectors of the items, for diversity.

    Returns
    -------
    dict
        hit_rate, precision, recall, ndcg, mrr and map (cut at k, binary relevance; Manning et al.
        2008, ch. 8); coverage: share of the catalogue that is in any list; diversity: 1 - mean
        cosine between the items of a list; novelty: mean of -log2(share of users who have the
        item); users: how many were measured.
    """
    asked = truth.lengths > 0
    items, truth = items[asked], truth.take(np.flatnonzero(asked))
    if len(items) == 0:
        return dict.fromkeys(METRICS, 0.0)
    if items.shape[1] == 0:
        items = np.full((len(items), 1), -1, dtype=np.int32)
    found = hits(items, truth)
    relevant = truth.lengths.astype(np.float64)
    accuracy = {
        name: float(np.mean(values)) for name, values in _per_user(found, relevant, k).items()
    }
    return {
        **accuracy,
        "coverage": len(np.unique(items[items >= 0])) / max(truth.n_items, 1),
        "diversity": _diversity(items, vectors),
        "novelty": _novelty(items, train),
        "users": float(len(items)),
    }


def _per_user(found: NDArray[np.bool_], relevant: Numbers, k: int) -> dict[str, Numbers]:
    places = np.arange(1, found.shape[1] + 1)
    count = found.sum(axis=1)
    ideal = np.minimum(relevant, k)
    deepest = int(ideal.max(initial=1))
    best_gain = np.cumsum(1 / np.log2(np.arange(2, deepest + 2)))
    first = np.where(count > 0, found.argmax(axis=1) + 1, np.inf)
    precision_at = np.cumsum(found, axis=1) / places
    return {
        "hit_rate": (count > 0).astype(np.float64),
        "precision": count / k,
        "recall": count / relevant,
        "ndcg": (found / np.log2(places + 1)).sum(axis=1) / best_gain[ideal.astype(int) - 1],
        "mrr": 1 / first,
        "map": (precision_at * found).sum(axis=1) / ideal,
    }


def _diversity(items: Ints, vectors: Floats) -> float:
    """Return 1 - mean cosine over the pairs within each list, from the length of the sum."""
    there = items >= 0
    listed = vectors[np.maximum(items, 0)] * there[..., None]
    total = np.square(listed.sum(axis=1)).sum(axis=1)
    own = np.square(listed).sum(axis=(1, 2))
    count = there.sum(axis=1)
    several = count > 1
    if not several.any():
        return 0.0
    pairs = count[several] * (count[several] - 1)
    return float(np.mean(1 - (total[several] - own[several]) / pairs))


def _novelty(items: Ints, train: Interactions) -> float:
    users = np.bincount(train.items, minlength=train.n_items)
    share = np.maximum(users, 1) / max(train.n_users, 1)
    listed = items[items >= 0]
    return float(np.mean(-np.log2(share[listed]))) if len(listed) else 0.0
