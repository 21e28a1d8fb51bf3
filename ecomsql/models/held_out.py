"""One item of some users held out, to choose options by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ecomsql.features.interactions import Interactions, Ints, Longs

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """Users of whom one item is to be guessed from the others.

    Attributes
    ----------
    history : Interactions
        A row for each user, without the item held out; steps count from the latest that stays.
    targets : int64 array, shape (m,)
        The item held out.
    apart : int32 array, shape of ``history.items``, or None
        Steps between each item of the history and the item held out; None without times.
    entries : int64 array, shape (m,)
        Where the targets stand among the entries of the data.
    """

    history: Interactions
    targets: Longs
    apart: Ints | None
    entries: Longs


def hold_out(data: Interactions, *, users: int, seed: int) -> HeldOut:
    """Hold the last item of `users` random users out; without times, a random item of each.

    Only users with two items or more take part, so that there may be fewer of them.
    """
    random = np.random.default_rng(seed)
    eligible = np.flatnonzero(data.lengths >= 2)
    chosen = np.sort(random.choice(eligible, size=min(users, len(eligible)), replace=False))
    lengths = data.lengths[chosen]
    place = random.integers(0, lengths) if data.steps is None else lengths - 1
    rows = data.take(chosen)
    at = rows.offsets[:-1] + place
    mask = np.ones(len(rows.items), dtype=np.bool_)
    mask[at] = False
    apart = None
    if rows.steps is not None:
        apart = np.abs(rows.steps - np.repeat(rows.steps[at], lengths))[mask]
    targets = rows.items[at].astype(np.int64)
    return HeldOut(rows.keep(mask), targets, apart, data.offsets[chosen] + place)


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
    for at, gain in enumerate(gains):
        difference = gain - gains[0]
        error = difference.std() / max(len(difference), 1) ** 0.5 if len(difference) else 0.0
        mean = difference.mean() if len(difference) else 0.0
        if mean > error and mean > lead:
            best, lead = at, float(mean)
    return best
