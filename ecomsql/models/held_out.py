"""One item of some users held out, to choose options by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ecomsql.features.interactions import Interactions, Longs

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """Users of whom one item is to be guessed from the others.

    Attributes
    ----------
    rest : Interactions
        All the data without the items held out, and with the steps as they were.
    history : Interactions
        A row of `rest` for each of the m users.
    targets : int64 array, shape (m,)
        The item held out of each.
    """

    rest: Interactions
    history: Interactions
    targets: Longs


def hold_out(data: Interactions, *, users: int, seed: int) -> HeldOut:
    """Hold the last item of `users` random users out; without times, a random item of each.

    Only users with two items or more take part, so that there may be fewer of them.
    """
    random = np.random.default_rng(seed)
    eligible = np.flatnonzero(data.lengths >= 2)
    chosen = np.sort(random.choice(eligible, size=min(users, len(eligible)), replace=False))
    lengths = data.lengths[chosen]
    place = random.integers(0, lengths) if data.steps is None else lengths - 1
    entries = data.offsets[chosen] + place
    mask = np.ones(len(data.items), dtype=np.bool_)
    mask[entries] = False
    rest = pick(data, mask)
    return HeldOut(rest, rest.take(chosen), data.items[entries].astype(np.int64))


def pick(data: Interactions, mask: NDArray[np.bool_]) -> Interactions:
    """Return the entries where `mask` is true, with the steps as they were."""
    offsets = np.concatenate([[0], np.cumsum(mask)])[data.offsets].astype(np.int64)
    steps = None if data.steps is None else data.steps[mask]
    return Interactions(offsets, data.items[mask], data.weights[mask], steps, data.n_items)


def most_popular(data: Interactions, items: int) -> Interactions:
    """Return `data` with the `items` that most users took, and the steps as they were."""
    counts = np.bincount(data.items, minlength=data.n_items)
    kept = np.sort(np.argsort(-counts, kind="stable")[:items])
    codes = np.full(data.n_items, -1, dtype=np.int32)
    codes[kept] = np.arange(len(kept))
    part = pick(data, codes[data.items] >= 0)
    return Interactions(part.offsets, codes[part.items], part.weights, part.steps, len(kept))


def gains(scores: torch.Tensor, rows: Interactions, targets: torch.Tensor, k: int) -> torch.Tensor:
    """Return the NDCG@k of each row's one target among the items that the row does not hold.

    Parameters
    ----------
    scores : float32 tensor, shape (m, n_items)
        Changed in place.
    rows : Interactions
        What the m users hold.
    targets : int64 tensor, shape (m,)
    k : int

    Returns
    -------
    float64 tensor, shape (m,)
        ``1 / log2(rank + 1)`` up to rank `k`, else 0. Of equal scores, half rank higher.
    """
    own = scores.gather(1, targets[:, None])
    held = torch.from_numpy(rows.users.astype(np.int64))
    scores[held, torch.from_numpy(rows.items.astype(np.int64))] = -torch.inf
    above = (scores > own).sum(dim=1).double()
    rank = above + ((scores == own).sum(dim=1) + 1) / 2
    return torch.where(rank <= k, 1 / torch.log2(rank + 1), 0.0)


def clearly_best(gains: Sequence[Numbers]) -> int:
    """Return which option guesses best, the first one unless another is clearly better.

    Clearly: by more than a standard error of the paired difference (the rule of Breiman et al.,
    "Classification and regression trees", 1984), so that chance does not choose among equals.

    Parameters
    ----------
    gains : sequence of float arrays, each of shape (m,)
        What each option gained for the same users; the first is the default.
    """
    best, lead = 0, 0.0
    users = len(gains[0])
    for at, gain in enumerate(gains if users else []):
        difference = gain - gains[0]
        mean = float(difference.mean())
        if mean > max(lead, difference.std() / users**0.5):
            best, lead = at, mean
    return best
