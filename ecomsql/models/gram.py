"""How often items were taken by the same user, as a dense matrix."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from scipy.sparse import csr_matrix

from ecomsql.features.interactions import Floats, Interactions, Longs
from ecomsql.progress import checkpoint, track

ROWS = 512
"""Rows made at once: a sparse block of at most 512 x n beside the dense matrix."""

PAIRS = 1 << 21
"""Pairs of items of a user weighed at once: some 60 MB."""


def gram_matrix(data: Interactions, *, closeness: float = 1.0) -> torch.Tensor:
    """Return how often each two items were taken by the same user, weighed by closeness in time.

    An entry is the sum of ``closeness ** |step - step'|`` over the users who took both. The
    kernel is positive definite, hence so is the sum, and what is solved with the plain counts
    ``X'X`` can be solved with it.

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
    starts = range(0, n, ROWS)
    if data.steps is None or closeness == 1:
        matrix = data.matrix(np.ones(len(data.items), dtype=np.float32))
        by_item = csr_matrix(matrix.T)
        for start in track(starts, "gram matrix"):
            rows = gram[start : start + ROWS]
            (by_item[start : start + ROWS] @ matrix).toarray(out=rows.numpy())
        return gram
    pairs = _Pairs(data, data.steps, closeness)
    for start in track(starts, "gram matrix"):
        rows = gram[start : start + ROWS]
        for at, values in pairs.of_items(start, start + len(rows)):
            checkpoint()
            rows.view(-1).index_add_(0, torch.from_numpy(at), torch.from_numpy(values))
    return gram


class _Pairs:
    """The pairs of items that users took, by the first item, and what each counts."""

    def __init__(self, data: Interactions, steps: np.ndarray, closeness: float) -> None:
        self.data = data
        self.steps = steps
        deepest = int(steps.max(initial=0))
        self.decay = (np.float64(closeness) ** np.arange(deepest + 1)).astype(np.float32)
        self.users = data.users
        self.order = np.argsort(data.items, kind="stable")
        counts = np.bincount(data.items, minlength=data.n_items)
        self.offsets = np.concatenate([[0], np.cumsum(counts)])

    def of_items(self, first: int, stop: int) -> Iterator[tuple[Longs, Floats]]:
        """Yield places in the rows `first` to `stop`, laid end to end, and what to add there."""
        entries = self.order[self.offsets[first] : self.offsets[stop]]
        before = np.cumsum(self.data.lengths[self.users[entries]])
        cuts = np.searchsorted(before, np.arange(PAIRS, before[-1:].sum(), PAIRS), side="right")
        for part in np.split(entries, np.unique(cuts)):
            yield self._places(part, first)

    def _places(self, entries: Longs, first: int) -> tuple[Longs, Floats]:
        data, users = self.data, self.users[entries]
        lengths = data.lengths[users]
        ends = np.cumsum(lengths)
        # The entries of the user of each entry, one after the other.
        mates = np.repeat(data.offsets[users] - ends + lengths, lengths) + np.arange(lengths.sum())
        rows = (data.items[entries] - first).astype(np.int64) * data.n_items
        apart = np.abs(np.repeat(self.steps[entries], lengths) - self.steps[mates])
        return np.repeat(rows, lengths) + data.items[mates], self.decay[apart]
