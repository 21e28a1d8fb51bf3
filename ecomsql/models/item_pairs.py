"""The pairs of items that the same users took, weighed by how close in time."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import torch
from scipy.sparse import csr_matrix

from ecomsql.features.interactions import Floats, Interactions, Ints, Longs
from ecomsql.models.top_entries import top_entries
from ecomsql.progress import checkpoint, track

ROWS = 512
"""Rows made at once: a block of 512 x n beside the dense matrix."""
PAIRS = 1 << 21
"""Pairs weighed at once: some 60 MB."""
FOLLOWERS = 200
"""Entries kept of a row of :func:`forward_matrix`."""
NOTHING = 1e-4
"""Pairs are counted up to where ``closeness ** steps`` falls to this."""


def horizon(closeness: float, deepest: int) -> int:
    """Return how many steps apart two items may be to count as a pair, at most `deepest` + 1.

    Examples
    --------
    >>> horizon(0.8, 500), horizon(0.8, 3)
    (42, 4)
    """
    if closeness == 1:
        return deepest + 1
    return min(math.ceil(math.log(NOTHING) / math.log(closeness)), deepest + 1)


def pair_weights(closeness: float, deepest: int) -> Floats:
    """Return what a pair counts by the steps between its items, shape (horizon,).

    ``closeness ** steps``, tapered by ``1 - steps / h`` where it falls to NOTHING at h steps. Both
    factors are positive definite as functions of the steps between two items, hence so is their
    product; and an item makes pairs with those near it alone, however long the history.
    """
    width = horizon(closeness, deepest)
    apart = np.arange(width)
    if closeness == 1:
        return np.ones(width, dtype=np.float32)
    whole = math.log(NOTHING) / math.log(closeness)
    weights: Floats = (closeness**apart * np.maximum(1 - apart / whole, 0)).astype(np.float32)
    return weights


def gram_matrix(data: Interactions, *, closeness: float = 1.0) -> torch.Tensor:
    """Return how often each two items were taken by the same user, weighed by closeness in time.

    An entry is the sum of :func:`pair_weights` over the users who took both. As these are
    positive definite, so is the sum, and what is solved with the plain counts ``X'X`` can be
    solved with it.

    Parameters
    ----------
    data : Interactions
        The weights play no part.
    closeness : float
        Above 0 and at most 1: what a pair counts for each step between its items. With 1, or
        without times, all pairs count the same.

    Returns
    -------
    float32 tensor, shape (n_items, n_items)
        Symmetric. The diagonal is the number of users of each item.
    """
    n = data.n_items
    gram = torch.zeros(n, n, dtype=torch.float32)
    pairs = None if data.steps is None or closeness == 1 else _Pairs(data, data.steps, closeness)
    matrix = data.matrix(np.ones(len(data.items), dtype=np.float32))
    by_item = csr_matrix(matrix.T)
    for start in track(range(0, n, ROWS), "pairs of items"):
        rows = gram[start : start + ROWS]
        if pairs is None:
            (by_item[start : start + ROWS] @ matrix).toarray(out=rows.numpy())
        else:
            pairs.add_to(rows, start, forward=False)
    return gram


def forward_matrix(data: Interactions, *, closeness: float = 1.0) -> csr_matrix:
    """Return how often item j was taken after item i, weighed by closeness in time.

    An entry (i, j) is the sum of :func:`pair_weights` over the users who took j after i, and of
    half of them over those who took both at once. With its transpose it makes the
    :func:`gram_matrix` without the diagonal. Of each row the FOLLOWERS largest are kept.

    Parameters
    ----------
    data : Interactions
        With times.
    closeness : float
        As in :func:`gram_matrix`.
    """
    n = data.n_items
    steps = np.zeros(len(data.items), dtype=np.int32) if data.steps is None else data.steps
    pairs = _Pairs(data, steps, closeness)

    def block(start: int, stop: int) -> Floats:
        rows = torch.zeros(stop - start, n, dtype=torch.float32)
        pairs.add_to(rows, start, forward=True)
        return rows.numpy()

    return top_entries(block, n, FOLLOWERS)


class _Pairs:
    """The pairs of items that users took, by the first item, and what each counts."""

    def __init__(self, data: Interactions, steps: Ints, closeness: float) -> None:
        self.data = data
        self.steps = steps
        deepest = int(steps.max(initial=0))
        self.weights = pair_weights(closeness, deepest)
        self.order = np.argsort(data.items, kind="stable")
        counts = np.bincount(data.items, minlength=data.n_items)
        self.offsets = np.concatenate([[0], np.cumsum(counts)])
        # Ascends along the entries; users lie too far apart to meet.
        clock = data.users.astype(np.int64) * (2 * deepest + 2) - steps
        reach = len(self.weights) - 1
        self.first = np.searchsorted(clock, clock - reach, side="left")
        self.counts = np.searchsorted(clock, clock + reach, side="right") - self.first

    def add_to(self, rows: torch.Tensor, first: int, *, forward: bool) -> None:
        """Add the pairs of the items from `first` on to `rows`, one row an item."""
        for at, values in self._of_items(first, first + len(rows), forward=forward):
            checkpoint()
            rows.view(-1).index_add_(0, torch.from_numpy(at), torch.from_numpy(values))

    def _of_items(self, first: int, stop: int, *, forward: bool) -> Iterator[tuple[Longs, Floats]]:
        """Yield places in the rows `first` to `stop`, laid end to end, and what to add there."""
        entries = self.order[self.offsets[first] : self.offsets[stop]]
        before = np.cumsum(self.counts[entries])
        cuts = np.searchsorted(before, np.arange(PAIRS, before[-1:].sum(), PAIRS), side="right")
        for part in np.split(entries, np.unique(cuts)):
            mine, mates = self._mates(part)
            back = self.steps[mine] - self.steps[mates]
            values = self.weights[np.abs(back)]
            if forward:
                values *= np.where(back == 0, 0.5, back > 0).astype(np.float32) * (mine != mates)
            rows = (self.data.items[mine] - first).astype(np.int64)
            yield rows * self.data.n_items + self.data.items[mates], values

    def _mates(self, entries: Longs) -> tuple[Longs, Longs]:
        """Return each entry beside each that it makes a pair with, one after the other."""
        counts = self.counts[entries]
        starts = self.first[entries] - (np.cumsum(counts) - counts)
        return np.repeat(entries, counts), np.repeat(starts, counts) + np.arange(counts.sum())
