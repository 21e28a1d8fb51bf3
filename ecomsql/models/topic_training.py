"""Variational Bayes over batches of documents that remembers each batch's part."""

from __future__ import annotations

import math

import torch
from scipy.sparse import csr_matrix

from ecomsql.models.exp_digamma import exp_digamma
from ecomsql.models.topic_batches import batches
from ecomsql.models.topic_mixtures import LocalStep
from ecomsql.models.workers import Workers
from ecomsql.progress import track

NUMBERS = 2**15
"""Numbers of the table of words and topics that a thread looks at together."""

TOLERANCE = 5e-3
"""Share of a mixture that may still move in training; the next pass goes on from there."""


def train_topics(
    counts: csr_matrix,
    start: torch.Tensor,
    prior: torch.Tensor,
    word_prior: float,
    *,
    updates: int,
    run: Workers,
) -> torch.Tensor:
    """Return the Dirichlet posteriors of topics' words, float32 (words, topics).

    Online variational Bayes (Hoffman, Blei, Bach 2010) with memory (Hughes, Sudderth: Memoized
    online variational inference, 2013): a batch's old part leaves the sum when its new part comes
    in, so that there is no rate of learning to choose, and one batch alone is the exact method.

    Parameters
    ----------
    counts : csr_matrix of float32, shape (documents, words)
        In an order that has nothing to do with topics.
    start : float32 tensor, shape (words, topics)
    prior : float32 tensor, shape (topics,)
    word_prior : float
    updates : int
        Times that topics are updated, rounded up to whole passes.
    run : Workers
    """
    parts = word_parts(start)
    pieces = batches(counts, start.shape[1], parts)
    total = torch.zeros_like(start, dtype=torch.float64)
    topics, seen = start + word_prior, 0
    for step in track(range(math.ceil(updates / len(pieces)) * len(pieces)), "lda"):
        batch = pieces[step % len(pieces)]
        local = LocalStep(expected_words(topics, parts, run), prior, TOLERANCE)
        batch.settle(local, run)
        batch.count(local.words, total, run)
        seen = min(seen + batch.counts.shape[0], counts.shape[0])
        _update(topics, total, counts.shape[0] / seen, word_prior, parts, run)
    return topics


def expected_words(topics: torch.Tensor, parts: list[slice], run: Workers) -> torch.Tensor:
    """Return the exponential of the expected logarithm of words' probabilities in topics."""
    found, sums = torch.empty_like(topics), torch.zeros(len(parts), topics.shape[1])

    def add_up(at: int) -> None:
        sums[at] = topics[parts[at]].sum(0)

    def expect(part: slice) -> None:
        found[part] = exp_digamma(topics[part]) / whole

    run(add_up, range(len(parts)))
    whole = exp_digamma(sums.sum(0))
    run(expect, parts)
    return found


def word_parts(topics: torch.Tensor) -> list[slice]:
    """Return parts of the words that threads look at, about ``NUMBERS`` numbers each."""
    size = max(NUMBERS // topics.shape[1], 1)
    return [slice(at, min(at + size, len(topics))) for at in range(0, len(topics), size)]


def _update(
    topics: torch.Tensor,
    total: torch.Tensor,
    scale: float,
    word_prior: float,
    parts: list[slice],
    run: Workers,
) -> None:
    """Put into `topics` what all batches have told, scaled to all documents."""

    def work(part: slice) -> None:
        # Differences of nearly equal sums may be a little below 0.
        topics[part] = (total[part] * scale).clamp_min_(0.0).float() + word_prior

    run(work, parts)
