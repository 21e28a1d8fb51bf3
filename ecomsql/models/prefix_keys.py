"""Keys by rare elements: sets that are alike enough have one of their rarest in common."""

from __future__ import annotations

import numpy as np

from ecomsql.models.partition_keys import EPSILON
from ecomsql.models.set_overlap import Sets
from ecomsql.models.shared_keys import Shared


def prefix_keys(sets: Sets, threshold: float) -> Shared:
    """Return keys of which two sets that are alike enough have one in common.

    With all elements in one order, two sets with a Jaccard similarity of t or more have one in
    common among the first ``n - ceil(t * n) + 1`` of each, n being its size (Chaudhuri, Ganti,
    Kaushik: A primitive operator for similarity joins, 2006; Bayardo, Ma, Srikant: Scaling up all
    pairs similarity search, 2007). The order is that of rarity, so that few sets have one.

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
    firsts = sizes - np.ceil(threshold * sizes - EPSILON).astype(np.int64) + 1
    place = np.arange(len(ranked)) - np.repeat(offsets[:-1], sizes)
    chosen = place < np.repeat(firsts, sizes)
    keys = (ranked[chosen] % max(len(order), 1)).astype(np.uint64)
    return Shared.of(keys, owners[chosen].astype(np.int32))
