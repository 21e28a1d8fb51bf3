"""How many users took each item."""

from __future__ import annotations

import numpy as np

from ecomsql.features.interactions import Floats, Interactions


def popularity(data: Interactions) -> Floats:
    """Return users per item, float32, shape (n_items,); total weight decides between equals."""
    users = np.bincount(data.items, minlength=data.n_items)
    weight = np.bincount(data.items, weights=data.weights, minlength=data.n_items)
    share = weight / max(weight.max(initial=0.0), 1e-12)
    counts: Floats = (users + 0.5 * share).astype(np.float32)
    return counts
