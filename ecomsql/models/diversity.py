"""Trades relevance for variety within each list: maximal marginal relevance."""

from __future__ import annotations

import numpy as np
import torch

from ecomsql.features.interactions import Floats, Ints


def rerank(
    items: Ints, scores: Floats, vectors: Floats, k: int, *, diversity: float
) -> tuple[Ints, Floats]:
    """Pick k of each user's candidates, each the best given those picked before it.

    Every pick has the largest ``(1 - diversity) * relevance - diversity * similarity``, with the
    relevance scaled to 0..1 within the user's candidates and the similarity to the nearest item
    picked so far (Carbonell and Goldstein, 1998).

    Parameters
    ----------
    items, scores : arrays, shape (n_users, candidates)
        Best first; -1 marks none.
    vectors : float32 array, shape (n_items, d)
        Unit vectors of the items.
    diversity : float
        0 keeps the order, 1 looks at variety alone.

    Returns
    -------
    items, scores : arrays, shape (n_users, min(k, candidates))
        The scores are the relevance that each item came with.
    """
    if items.shape[1] == 0:
        return items, scores
    there = torch.from_numpy(items >= 0)
    relevance = _scaled(torch.from_numpy(scores), there)
    shape = torch.from_numpy(vectors)[torch.from_numpy(np.maximum(items, 0).astype(np.int64))]
    nearest = torch.zeros(items.shape)
    free = there.clone()
    picks = torch.zeros((len(items), min(k, items.shape[1])), dtype=torch.int64)
    rows = torch.arange(len(items))
    for place in range(picks.shape[1]):
        gain = (1 - diversity) * relevance - diversity * nearest
        gain[~free] = -torch.inf
        best = gain.argmax(dim=1)
        picks[:, place] = best
        free[rows, best] = False
        similar = torch.bmm(shape, shape[rows, best].unsqueeze(2)).squeeze(2)
        nearest = torch.maximum(nearest, similar)
    # Users with fewer candidates than k picked the same place twice; what is not there comes last.
    chosen = np.take_along_axis(items, picks.numpy(), axis=1)
    worth = np.take_along_axis(scores, picks.numpy(), axis=1)
    spare = np.arange(picks.shape[1]) >= there.sum(dim=1).numpy()[:, None]
    chosen[spare] = -1
    worth[spare] = 0.0
    return chosen, worth


def _scaled(scores: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
    low = torch.where(there, scores, torch.inf).amin(dim=1, keepdim=True)
    high = torch.where(there, scores, -torch.inf).amax(dim=1, keepdim=True)
    return torch.where(there, (scores - low) / (high - low).clamp_min(1e-12), 0.0)
