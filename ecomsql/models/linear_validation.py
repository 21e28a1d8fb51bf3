"""How well a linear autoencoder guesses items held out, without fitting it again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from ecomsql.features.interactions import Floats, Interactions
from ecomsql.models.held_out import HeldOut, Numbers, gains
from ecomsql.models.profiles import decay
from ecomsql.progress import track

USERS = 128
"""Users evaluated at once: each takes some eight dense rows of n_items."""


def leave_one_out_gains(
    inverse: torch.Tensor,
    held: HeldOut,
    recencies: Sequence[float],
    *,
    closeness: float = 1.0,
    k: int = 10,
) -> list[Numbers]:
    """Return the NDCG@k of EASE on the items held out, one array of shape (m,) a recency.

    Each user is scored by the model that would have been fitted had the item not been in the
    data. Taking it out changes the Gram matrix by ``-y y' + x x'``, where x is the user's row,
    weighed by closeness to the item, and y the same with the item; so two Sherman-Morrison
    updates of the inverse give the exact answer at the cost of a few dense rows.

    Parameters
    ----------
    inverse : float32 tensor, shape (n_items, n_items)
        ``(G + regularization I)^-1``, with G the :func:`~ecomsql.models.gram.gram_matrix` of all
        data, the items held out included.
    held : HeldOut
    recencies : sequence of float
        What an item counts for each step back in the history, as input.
    closeness : float
        As G was made with.
    k : int
    """
    near = np.ones(len(held.history.items), dtype=np.float32)
    if held.apart is not None:
        near = (np.float64(closeness) ** held.apart).astype(np.float32)
    found = []
    for start, rows in track(held.history.batches(USERS), "validation"):
        first = held.history.offsets[start]
        pulled = near[first : first + len(rows.items)]
        targets = torch.from_numpy(held.targets[start : start + rows.n_users].copy())
        found.append(_gains(inverse, rows, pulled, targets, recencies, k))
    return [np.concatenate([np.zeros(0), *parts]) for parts in zip(*found, strict=True)]


def _gains(
    inverse: torch.Tensor,
    rows: Interactions,
    near: Floats,
    targets: torch.Tensor,
    recencies: Sequence[float],
    k: int,
) -> list[Numbers]:
    """Return the gains of `rows`, one array for each recency."""
    without = _product(rows, near, inverse)
    whole = without + inverse[targets]
    inner = _dots(whole, rows, near) + whole.gather(1, targets[:, None])[:, 0]
    down = _Update(whole, 1 / (1 - inner))
    left = down.apply(without, rows, near)
    up = _Update(left, -1 / (1 + _dots(left, rows, near)))
    diagonal = inverse.diagonal() + down.diagonal() + up.diagonal()
    found = []
    for recency in recencies:
        weights = decay(rows, recency)
        scores = down.apply(_product(rows, weights, inverse), rows, weights)
        scores = up.apply(scores, rows, weights).div_(diagonal).neg_()
        found.append(gains(scores, rows, targets, k).numpy())
    return found


class _Update:
    """A change of each user's inverse by ``scale * v v'``."""

    def __init__(self, vector: torch.Tensor, scale: torch.Tensor) -> None:
        self.vector = vector
        self.scale = scale[:, None]

    def apply(self, product: torch.Tensor, rows: Interactions, weights: Floats) -> torch.Tensor:
        """Turn `product`, the inverse times the weighted rows, into that of the changed one."""
        dots = _dots(self.vector, rows, weights)[:, None]
        return product.addcmul_(self.vector, self.scale * dots)

    def diagonal(self) -> torch.Tensor:
        """Return the change of the diagonal."""
        return self.vector.square().mul_(self.scale)


def _product(rows: Interactions, weights: Floats, inverse: torch.Tensor) -> torch.Tensor:
    return torch.from_numpy(rows.matrix(weights) @ inverse.numpy())


def _dots(vectors: torch.Tensor, rows: Interactions, weights: Floats) -> torch.Tensor:
    """Return the product of each user's vector with their weighted row, shape (m,)."""
    users = rows.users
    products = vectors.numpy()[users, rows.items].astype(np.float64) * weights
    sums = np.bincount(users, weights=products, minlength=rows.n_users)
    return torch.from_numpy(sums.astype(np.float32))
