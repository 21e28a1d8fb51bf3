"""What each contestant makes of counts: words of topics, and topics of documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix


@dataclass
class Topics:
    """What the measures ask for.

    Attributes
    ----------
    words : float32 array, shape (topics, words)
        Probabilities of words.
    documents : callable
        Gives documents' shares of topics.
    smoothing : float
        Share of the usual probabilities in predictions: what cannot be of any topic is there, too.
    posteriors : float array, shape (topics, words), optional
        Dirichlet posteriors, with the priors of documents and words.
    """

    words: np.ndarray
    documents: Callable[[csr_matrix], np.ndarray]
    smoothing: float = 0.0
    posteriors: np.ndarray | None = None
    priors: tuple[float, float] = (0.0, 0.0)


Fit = Callable[[csr_matrix, int], Topics]


def one_topic(counts: csr_matrix, _topics: int) -> Topics:
    """Take all documents for alike."""
    totals = counts.sum(axis=0, dtype=np.float64).A1 + 0.01
    words = (totals / totals.sum()).astype(np.float32)[None]
    return Topics(words, lambda asked: np.ones((asked.shape[0], 1), dtype=np.float32))


def ecomsql_lda(counts: csr_matrix, topics: int) -> Topics:
    """Fit this project's LDA with its defaults."""
    from ecomsql.models.topic_lda import Lda

    model = Lda.fit(counts, topics, seed=42)
    priors = (float(model.prior[0]), model.word_prior)
    return Topics(model.words, model.documents, posteriors=model.posteriors, priors=priors)


def ecomsql_nmf(counts: csr_matrix, topics: int) -> Topics:
    """Fit this project's NMF with its defaults."""
    from ecomsql.models.topic_nmf import Nmf

    model = Nmf.fit(counts, topics, seed=42)
    return Topics(model.words, model.documents, model.smoothing)


def sklearn_lda(n_jobs: int, **priors: float) -> Fit:
    """Fit scikit-learn's online LDA: its default batches of 128, 10 passes."""

    def fit(counts: csr_matrix, topics: int) -> Topics:
        from sklearn.decomposition import LatentDirichletAllocation

        model = LatentDirichletAllocation(
            topics, learning_method="online", random_state=42, n_jobs=n_jobs, **priors
        ).fit(counts)
        words = model.components_ / model.components_.sum(axis=1, keepdims=True)
        both = (model.doc_topic_prior_, model.topic_word_prior_)
        return Topics(
            words.astype(np.float32), model.transform, posteriors=model.components_, priors=both
        )

    return fit


def sklearn_nmf(counts: csr_matrix, topics: int) -> Topics:
    """Fit scikit-learn's NMF of TF-IDF weights, with its defaults."""
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfTransformer

    weights = TfidfTransformer().fit(counts)
    model = NMF(topics, random_state=42).fit(weights.transform(counts))
    counted = model.components_ / weights.idf_
    masses = counted.sum(axis=1)

    def documents(asked: csr_matrix) -> np.ndarray:
        shares = model.transform(weights.transform(asked)) * masses + 1e-12
        return (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)

    words = counted / np.maximum(masses, 1e-12)[:, None]
    return Topics(words.astype(np.float32), documents, smoothing=0.5)


CONTESTANTS: dict[str, Fit] = {
    "one_topic": one_topic,
    "ecomsql_lda": ecomsql_lda,
    "ecomsql_nmf": ecomsql_nmf,
    "sklearn_lda": sklearn_lda(1),
    "sklearn_lda_2": sklearn_lda(2),
    "sklearn_lda_priors": sklearn_lda(1, doc_topic_prior=0.6, topic_word_prior=0.02),
    "sklearn_nmf": sklearn_nmf,
}
