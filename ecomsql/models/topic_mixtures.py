"""How much each document has of each topic: the local step of variational Bayes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import csr_matrix

from ecomsql.models.exp_digamma import exp_digamma
from ecomsql.models.sparse_rows import SparseRows
from ecomsql.models.workers import Workers
from ecomsql.progress import checkpoint

ENTRIES = 2**13
"""About how many words of documents a thread looks at together."""

EVERY = 4
"""Steps between two looks at which documents have settled."""

STEPS = 100
"""Steps at most."""

TINY = 1e-30
"""Keeps quotients finite."""


@dataclass(frozen=True, slots=True, eq=False)
class LocalStep:
    """What a document's mixture is found with.

    Attributes
    ----------
    words : float32 tensor, shape (words, topics)
        The exponential of the expected logarithm of the words' probabilities in the topics.
    prior : float32 tensor, shape (topics,)
        Dirichlet prior of a document's mixture.
    tolerance : float
        A document has settled when a step moves no more than this share of its mixture.
    """

    words: torch.Tensor
    prior: torch.Tensor
    tolerance: float

    def settle(self, counts: csr_matrix, start: torch.Tensor, run: Workers) -> torch.Tensor:
        """Return the Dirichlet posteriors of documents' mixtures, float32 (documents, topics).

        The coordinate ascent of Hoffman, Blei, Bach (Online learning for latent Dirichlet
        allocation, 2010, algorithm 2) for a block of documents at a time. Which of them have
        settled is looked at in fixed steps, so that a document's answer does not depend on those
        beside it.

        Parameters
        ----------
        counts : csr_matrix of float32, shape (documents, words)
        start : float32 tensor, shape (documents, topics)
            Posteriors to start from.
        run : Workers
        """
        found = torch.empty_like(start)

        def work(part: slice) -> None:
            found[part] = self._block(counts[part], start[part])

        run(work, blocks(counts))
        return found

    def _block(self, counts: csr_matrix, mixture: torch.Tensor) -> torch.Tensor:
        found = torch.empty_like(mixture)
        live = torch.arange(len(mixture))
        step = 0
        while len(live):
            checkpoint()
            rows = SparseRows(counts)
            for _ in range(EVERY):
                before, mixture = mixture, self._step(rows, mixture)
            step += EVERY
            moved = (mixture - before).abs().sum(1) > self.tolerance * mixture.sum(1)
            going = moved if step < STEPS else torch.zeros_like(moved)
            found[live[~going]] = mixture[~going]
            live, mixture, counts = live[going], mixture[going], counts[going.numpy()]
        return found

    def _step(self, rows: SparseRows, mixture: torch.Tensor) -> torch.Tensor:
        weight = exp_digamma(mixture)
        told = rows.products(weight, self.words).add_(TINY)
        shares = rows.times(rows.values / told, self.words)
        return torch.addcmul(self.prior, weight, shares)


def blocks(counts: csr_matrix) -> Iterator[slice]:
    """Yield parts of the documents that have about ``ENTRIES`` entries each."""
    ends = counts.indptr[1:]
    at = 0
    while at < len(ends):
        start = counts.indptr[at]
        stop = max(at + 1, int(np.searchsorted(ends, start + ENTRIES, side="right")))
        yield slice(at, stop)
        at = stop
