"""How probable documents are under topics: the variational lower bound."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import gammaln, logsumexp, psi

from ecomsql.models.series_batch import Matrix
from ecomsql.models.topic_mixtures import blocks
from ecomsql.progress import checkpoint


def log_bound(
    counts: csr_matrix, mixtures: Matrix, topics: Matrix, prior: Matrix, word_prior: float
) -> float:
    """Return the evidence lower bound of documents and topics, in nats.

    Blei, Ng, Jordan (Latent Dirichlet allocation, 2003), with topics that have a distribution
    (Hoffman, Blei, Bach 2010, equation 1): the words', the mixtures' and the topics' part.

    Parameters
    ----------
    counts : csr_matrix, shape (documents, words)
    mixtures : float64 array, shape (documents, topics)
        Dirichlet posteriors of the documents.
    topics : float64 array, shape (topics, words)
        Dirichlet posteriors of the topics.
    prior : float64 array, shape (topics,)
    word_prior : float
    """
    given = _expected_logs(mixtures)
    words = _expected_logs(topics).T
    total = 0.0
    for part in blocks(counts):
        checkpoint()
        piece = counts[part]
        rows = np.repeat(given[part], np.diff(piece.indptr), axis=0)
        total += float(piece.data @ logsumexp(rows + words[piece.indices], axis=1))
    total -= _divergence(mixtures, given, prior)
    return total - _divergence(topics, words.T, np.full(topics.shape[1], word_prior))


def _expected_logs(posteriors: Matrix) -> Matrix:
    found: Matrix = psi(posteriors) - psi(posteriors.sum(1, keepdims=True))
    return found


def _divergence(posteriors: Matrix, logs: Matrix, prior: Matrix) -> float:
    """Return the sum over rows of the divergence of Dirichlet distributions from their prior."""
    inner = (posteriors - prior) * logs - gammaln(posteriors) + gammaln(prior)
    return float(
        inner.sum() + gammaln(posteriors.sum(1)).sum() - len(posteriors) * gammaln(prior.sum())
    )
