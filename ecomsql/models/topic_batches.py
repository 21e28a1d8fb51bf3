"""Batches of documents, by documents and by words, with what each has told of the topics."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from scipy.sparse import csr_matrix

from ecomsql.models.exp_digamma import exp_digamma
from ecomsql.models.sparse_rows import SparseRows
from ecomsql.models.topic_mixtures import TINY, LocalStep, blocks
from ecomsql.models.workers import Workers

BATCHES = 16
"""Batches at most: as many tables of words and topics are remembered."""

REMEMBERED = 2**26
"""Numbers in these tables, at most where there is more than one batch: 256 MiB."""

DOCUMENTS = 256
"""Documents in a batch, at least."""


@dataclass(frozen=True, slots=True, eq=False)
class WordPart:
    """Some words and the documents that have them.

    Attributes
    ----------
    words : slice
    documents : SparseRows, shape (words of the part, documents)
    entries : int64 tensor
        Where the entries of `documents` are among those of the documents' own order.
    """

    words: slice
    documents: SparseRows
    entries: torch.Tensor


class Batch:
    """Some documents and what is known of them.

    Parameters
    ----------
    counts : csr_matrix of float32, shape (documents, words)
    topics : int
    parts : list of slices
        Words that a thread looks at together.

    Attributes
    ----------
    told : float32 tensor, shape (words, topics)
        How many of the batch's words are of each topic, when they were counted last.
    """

    def __init__(self, counts: csr_matrix, topics: int, parts: list[slice]) -> None:
        self.counts = counts
        self.told = torch.zeros(counts.shape[1], topics)
        self._mixtures = torch.ones(counts.shape[0], topics)
        self._weights = torch.empty_like(self._mixtures)
        self._shares = torch.empty(counts.nnz)
        self._parts = _by_words(counts, parts)

    def settle(self, local: LocalStep, run: Workers) -> None:
        """Find the documents' mixtures, from the last ones on."""
        self._mixtures = local.settle(self.counts, self._mixtures, run)

        def work(part: slice) -> None:
            rows = SparseRows(self.counts[part])
            weights = exp_digamma(self._mixtures[part])
            entries = slice(self.counts.indptr[part.start], self.counts.indptr[part.stop])
            self._shares[entries] = rows.values / rows.products(weights, local.words).add_(TINY)
            self._weights[part] = weights

        run(work, blocks(self.counts))

    def count(self, words: torch.Tensor, total: torch.Tensor, run: Workers) -> None:
        """Replace in `total`, float64 (words, topics), what the batch has told.

        Parameters
        ----------
        words : float32 tensor, shape (words, topics)
            What the documents' mixtures were found with.
        """

        def work(part: WordPart) -> None:
            shares = self._shares[part.entries]
            told = part.documents.times(shares, self._weights).mul_(words[part.words])
            total[part.words] += told - self.told[part.words]
            self.told[part.words] = told

        run(work, self._parts)


def batches(counts: csr_matrix, topics: int, parts: list[slice]) -> list[Batch]:
    """Split documents into at most ``BATCHES`` of like size, fewer where topics are large."""
    n = counts.shape[0]
    room = REMEMBERED // max(counts.shape[1] * topics, 1)
    bounds = np.linspace(0, n, max(min(n // DOCUMENTS, BATCHES, room), 1) + 1).astype(int)
    return [Batch(counts[first:last], topics, parts) for first, last in pairwise(bounds)]


def _by_words(counts: csr_matrix, parts: list[slice]) -> list[WordPart]:
    entries = np.arange(counts.nnz, dtype=np.float64)
    numbered = csr_matrix((entries, counts.indices, counts.indptr), shape=counts.shape)
    turned = numbered.T.tocsr()
    found = []
    for part in parts:
        rows = turned[part]
        order = torch.from_numpy(rows.data.astype(np.int64))
        found.append(WordPart(part, SparseRows(rows.astype(np.float32)), order))
    return found
