"""Options of EASE chosen on the most popular items alone, where a fit takes a moment."""

from __future__ import annotations

import numpy as np
import torch

from ecomsql.features.interactions import Interactions
from ecomsql.models.gram import gram_matrix
from ecomsql.models.held_out import HeldOut, Numbers, clearly_best, hold_out
from ecomsql.models.linear_validation import leave_one_out_gains
from ecomsql.models.spd_inverse import spd_inverse_

ITEMS = 1500
"""Size of the part of the catalogue."""
USERS = 1500
"""Users held out."""
REGULARIZATIONS = (150.0, 75.0, 300.0, 600.0, 1200.0, 37.5)
CLOSENESSES = (0.8, 0.65, 0.9, 1.0)
RECENCIES = (0.65, 0.5, 0.8, 0.35, 1.0)
"""What is tried; the first is the default, and stays unless another is clearly better."""


def choose_regularization(data: Interactions, *, closeness: float, seed: int) -> float:
    """Return the regularization that guesses held-out items best."""
    gram = gram_matrix(data, closeness=closeness)
    held = hold_out(data, users=USERS, seed=seed)
    found = [_gains(gram.clone(), held, value, closeness) for value in REGULARIZATIONS]
    return REGULARIZATIONS[clearly_best(found)]


def choose_closeness(data: Interactions, *, regularization: float, seed: int) -> float:
    """Return the closeness that guesses held-out items best; 1 without times."""
    if data.steps is None or not data.steps.any():
        return 1.0
    held = hold_out(data, users=USERS, seed=seed)
    found = [
        _gains(gram_matrix(data, closeness=value), held, regularization, value)
        for value in CLOSENESSES
    ]
    return CLOSENESSES[clearly_best(found)]


def most_popular(data: Interactions, items: int) -> Interactions:
    """Return `data` with the `items` that most users took, and the steps as they were."""
    counts = np.bincount(data.items, minlength=data.n_items)
    kept = np.sort(np.argsort(-counts, kind="stable")[:items])
    codes = np.full(data.n_items, -1, dtype=np.int32)
    codes[kept] = np.arange(len(kept))
    there = codes[data.items] >= 0
    offsets = np.concatenate([[0], np.cumsum(there)])[data.offsets]
    steps = None if data.steps is None else data.steps[there]
    return Interactions(offsets, codes[data.items[there]], data.weights[there], steps, len(kept))


def _gains(gram: torch.Tensor, held: HeldOut, regularization: float, closeness: float) -> Numbers:
    """Return the NDCG of a fit on `gram`, which is overwritten, for each user held out."""
    gram.diagonal().add_(regularization)
    inverse = spd_inverse_(gram)
    return leave_one_out_gains(inverse, held, RECENCIES[:1], closeness=closeness)[0]
