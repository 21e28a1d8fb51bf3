"""Keys by rare elements: sets that are alike enough have one of their rarest in common."""

from __future__ import annotations

import numpy as np

from ecomsql.features.text_units import Places
from ecomsql.models.partition_keys import EPSILON
from ecomsql.models.set_overlap import Sets
from ecomsql.models.shared_keys import Shared


def prefix_keys(sets: Sets, threshold: float) -> Shared:
    """Return keys of which two sets that are alike enough have one in common, as a pair.

    With all elements in one order, two sets with at least c elements in common have one in common
    among the first ``n - c + 1`` of each, n being its size. At a Jaccard similarity of t or more, c
    is at least ``t * n``; of the smaller set ``2 * t / (1 + t) * n``, by which its main keys are
    fewer (Chaudhuri, Ganti, Kaushik: A primitive operator for similarity joins, 2006; Xiao, Wang,
    Lin, Yu: Efficient similarity joins for near duplicate detection, 2008). The order is that of
    rarity, so that few sets have a key, and a phrase that all have is a main key of none.

    Parameters
    ----------
    sets : Sets
    threshold : float
        Above 0, up to 1.
    """
    codes, offsets = sets.matrix.indices, sets.matrix.indptr.astype(np.int64)
    sizes = np.diff(offsets)
    order = np.argsort(np.bincount(codes), kind="stable")
    rarity = np.empty(len(order), dtype=np.int64)
    rarity[order] = np.arange(len(order))
    owners = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    # By set, then by rarity: both in one number, as numbers are sorted fastest.
    ranked = np.sort(owners * len(order) + rarity[codes])
    place = np.arange(len(ranked)) - np.repeat(offsets[:-1], sizes)
    chosen = place < np.repeat(_firsts(sizes, threshold), sizes)
    main = place < np.repeat(_firsts(sizes, 2 * threshold / (1 + threshold)), sizes)
    keys = (ranked[chosen] % max(len(order), 1)).astype(np.uint64)
    return Shared.of(keys, owners[chosen].astype(np.int32), main[chosen])


def _firsts(sizes: Places, share: float) -> Places:
    """Return how many elements come first of sets that have at least a share in common."""
    firsts: Places = sizes - np.ceil(share * sizes - EPSILON).astype(np.int64) + 1
    return firsts
