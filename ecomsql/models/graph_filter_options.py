"""Options of GF-CF chosen on the most popular items alone."""

from __future__ import annotations

from itertools import product

import numpy as np
import torch

from ecomsql.features.interactions import Interactions
from ecomsql.models.graph_filter import GraphFilter, graph_filter
from ecomsql.models.held_out import HeldOut, Numbers, clearly_best, gains, hold_out, most_popular
from ecomsql.models.profiles import decay
from ecomsql.progress import track

ITEMS = 4000
"""Size of the part of the catalogue."""
USERS = 3000
"""Users of whom an item is held out."""
ALPHAS = (0.3, 0.0, 0.1, 1.0)
RECENCIES = (0.6, 0.4, 0.8, 1.0)
"""What is tried; the first is the default, and stays unless another is clearly better."""


def tuned(
    data: Interactions,
    alpha: float | None,
    recency: float | None,
    *,
    factors: int,
    top: int,
    seed: int,
) -> tuple[float, float]:
    """Return alpha and recency: those given, and for None what guesses held-out items best."""
    timed = data.steps is not None and bool(data.steps.any())
    recencies = (RECENCIES if timed else (1.0,)) if recency is None else (recency,)
    tried = list(product(ALPHAS if alpha is None else (alpha,), recencies))
    if len(tried) == 1:
        return tried[0]
    held = hold_out(most_popular(data, ITEMS), users=USERS, seed=seed)
    filters = graph_filter(held.rest, factors=factors, top=top, seed=seed)
    return tried[clearly_best([_gains(filters, held, *one) for one in track(tried, "options")])]


def _gains(filters: GraphFilter, held: HeldOut, alpha: float, recency: float) -> Numbers:
    found = [np.zeros(0)]
    for start, rows in held.history.batches(1024):
        scores = torch.from_numpy(filters.passed(rows.matrix(decay(rows, recency)), alpha))
        targets = torch.from_numpy(held.targets[start : start + rows.n_users])
        found.append(gains(scores, rows, targets, 10).numpy())
    return np.concatenate(found)
