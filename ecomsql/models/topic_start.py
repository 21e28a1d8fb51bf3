"""Topics to start from: parts of the matrix of weighted words."""

from __future__ import annotations

import torch
from scipy.sparse import csr_matrix

from ecomsql.features.tf_idf import inverse_frequencies
from ecomsql.features.tf_idf_rows import tf_idf_rows
from ecomsql.models.implicit_nmf import update
from ecomsql.models.nonnegative_start import nonnegative_start
from ecomsql.models.workers import Workers

ROUNDS = 5
"""Rounds of factorisation."""

MIXED = 0.1
"""Share of the usual frequencies in each topic, so that no word is closed to any."""

WEIGHT = 0.3
"""How much of all counted words the start is worth."""


def topic_start(counts: csr_matrix, topics: int, *, seed: int, run: Workers) -> torch.Tensor:
    """Return how often each word is in each topic, float32 (words, topics), above 0.

    A few rounds of non-negative factorisation of TF-IDF weights are worth many passes of
    variational Bayes, which from random topics takes long to tell them apart.

    Parameters
    ----------
    counts : csr_matrix of float32, shape (documents, words)
        Every document has words.
    topics : int
    seed : int
    run : Workers
    """
    weights = inverse_frequencies(counts)
    matrix = tf_idf_rows(counts, weights)
    turned = matrix.T.tocsr()
    rows, columns = quick_start(matrix, topics, seed=seed, run=run)
    for _ in range(ROUNDS):
        update(rows, columns, matrix, 0.0, run)
        update(columns, rows, turned, 0.0, run)
    shares = columns / torch.from_numpy(weights).unsqueeze(1)
    shares /= shares.sum(0).clamp_min(1e-30)
    totals = torch.from_numpy(counts.sum(axis=0, dtype="float64").A1)
    usual = (totals / totals.sum()).float().unsqueeze(1)
    return WEIGHT * float(totals.sum()) / topics * ((1.0 - MIXED) * shares + MIXED * usual)


def quick_start(
    matrix: csr_matrix, topics: int, *, seed: int, run: Workers
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return non-negative factors of rows and columns, found on one core.

    Torch and the cores that other work takes would wait for each other in small decompositions.
    """
    found: list[tuple[torch.Tensor, torch.Tensor]] = []

    def work(factors: int) -> None:
        found.append(nonnegative_start(matrix, factors, seed, precise=False))

    run(work, [topics])
    return found[0]
