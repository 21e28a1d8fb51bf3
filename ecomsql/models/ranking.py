"""The best k of many scores."""

from __future__ import annotations

import numpy as np
import torch

from ecomsql.features.interactions import Floats, Interactions, Ints


def top_k(scores: torch.Tensor, k: int, *, seen: Interactions | None = None) -> tuple[Ints, Floats]:
    """Return the k best items of each row, best first.

    Parameters
    ----------
    scores : float32 tensor, shape (n_users, n_items)
        Changed in place where `seen` is given. ``-inf`` marks an item that is not to be given.
    k : int
        How many; no more than ``n_items`` come back.
    seen : Interactions, optional
        Items to leave out, a row a user.

    Returns
    -------
    items : int32 array, shape (n_users, min(k, n_items))
        Codes; -1 where nothing is left. Equal scores come in the order of their codes.
    scores : float32 array, same shape
        0 where the item is -1.
    """
    if seen is not None:
        rows = torch.from_numpy(seen.users.astype(np.int64))
        scores[rows, torch.from_numpy(seen.items.astype(np.int64))] = -torch.inf
    width = min(k, scores.shape[1])
    # Half as many again, so that a tie at the edge is cut by code and not by chance.
    values, items = torch.topk(scores, min(width + width // 2 + 8, scores.shape[1]), dim=1)
    by_code = torch.argsort(items, dim=1)
    values, items = values.gather(1, by_code), items.gather(1, by_code)
    best = torch.argsort(values, dim=1, descending=True, stable=True)[:, :width]
    values, items = values.gather(1, best), items.gather(1, best)
    nothing = torch.isneginf(values)
    items[nothing] = -1
    values[nothing] = 0.0
    return items.numpy().astype(np.int32), values.numpy()
