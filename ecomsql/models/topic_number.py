"""How many topics documents have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from ecomsql.features.sparse_order import sparse_row_hashes
from ecomsql.models.npmi import npmi
from ecomsql.models.topic_prediction import TopicModel, can_foretell, predictive_perplexity
from ecomsql.models.topic_words import relevant_words
from ecomsql.models.word_counts import counts_to_learn
from ecomsql.progress import track

NUMBERS = (2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50)
"""Numbers that are tried."""

NEAR = 1.02
"""Perplexity over the least one up to which a number may be chosen."""

WORDS = 10
"""Words of a topic whose coherence counts."""

DOCUMENTS = 10_000
"""Documents that are looked at, at most."""

HELD_OUT = 5
"""One of so many documents is held out."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A number of topics, and how good it is.

    Attributes
    ----------
    topics : int
    perplexity : float
        Of held-out documents; see :func:`predictive_perplexity`.
    coherence : float
        Mean over topics; see :func:`~ecomsql.models.npmi.npmi`.
    """

    topics: int
    perplexity: float
    coherence: float


def choose_number(
    counts: csr_matrix, fit: Callable[[csr_matrix, int], TopicModel], *, seed: int
) -> tuple[int, list[Tried]]:
    """Return how many topics to take, and what was tried.

    Of the numbers with which held-out documents are foretold nearly as well as with the best one
    (within 2 %), the one whose topics are the most coherent: perplexity alone goes on falling,
    slowly, where topics split into ones that people do not tell apart (Chang et al.: Reading tea
    leaves, 2009). No number of documents or more is tried.

    Parameters
    ----------
    counts : csr_matrix of float32, shape (documents, words)
    fit : callable
        Learns a model of documents with so many topics.
    seed : int
        For the documents that are looked at and held out, which follow from their content.

    Raises
    ------
    DataError
        When no document has a word.
    """
    learned, held = held_out(counts, seed=seed)
    numbers = [n for n in NUMBERS if n < learned.shape[0]]
    if not numbers or not can_foretell(held, seed=seed):
        return 1, []
    tried = []
    for n in track(numbers, "numbers of topics"):
        model = fit(learned, n)
        perplexity = predictive_perplexity(model, held, seed=seed)
        tried.append(Tried(n, perplexity, mean_coherence(model, learned)))
    limit = NEAR * min(one.perplexity for one in tried)
    near = [one for one in tried if one.perplexity <= limit]
    return max(near, key=lambda one: one.coherence).topics, tried


def held_out(counts: csr_matrix, *, seed: int) -> tuple[csr_matrix, csr_matrix]:
    """Split documents that have words into those to learn from and held-out ones, by content."""
    there = counts_to_learn(counts)
    hashes = sparse_row_hashes(there, seed=seed)
    looked = np.argsort(hashes, kind="stable")[:DOCUMENTS]
    held = hashes[looked] % np.uint64(HELD_OUT) == 0
    return there[looked[~held]], there[looked[held]]


def mean_coherence(model: TopicModel, counts: csr_matrix) -> float:
    """Return the mean coherence of topics in documents."""
    return float(npmi(counts, relevant_words(model.words, model.usual, WORDS)).mean())
