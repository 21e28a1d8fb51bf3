"""Topics of documents: latent Dirichlet allocation."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch
from scipy.sparse import csr_matrix

from ecomsql import options as check
from ecomsql.errors import ModelError, OptionError
from ecomsql.features.interactions import Floats
from ecomsql.features.sparse_order import sparse_row_order
from ecomsql.models.factors import factor_array
from ecomsql.models.topic_bound import log_bound
from ecomsql.models.topic_mixtures import LocalStep
from ecomsql.models.topic_start import topic_start
from ecomsql.models.topic_training import expected_words, train_topics, word_parts
from ecomsql.models.word_counts import checked_counts, counts_to_learn
from ecomsql.models.workers import workers

DOCUMENT_PRIOR = 0.6
"""Dirichlet prior of each topic in a document."""

WORD_PRIOR = 0.02
"""Dirichlet prior of each word in a topic."""

UPDATES = 64
"""Updates of the topics."""

TOLERANCE = 1e-4
"""Share of a mixture that may still move when it is taken for the answer."""


class Lda:
    """Each document is a mixture of topics, each topic a distribution of words.

    Latent Dirichlet allocation (Blei, Ng, Jordan 2003) by variational Bayes over batches of
    documents; see :func:`~ecomsql.models.topic_training.train_topics`.

    The priors are not the customary 1 / topics: variational Bayes counts about 0.5 less of each
    topic than the document has (Asuncion, Welling, Smyth, Teh: On smoothing and inference for
    topic models, 2009, section 3), so that a prior near 0.5 is what 0 is elsewhere, and lesser
    ones commit short documents to one topic.

    Attributes
    ----------
    posteriors : float32 array, shape (topics, words)
        Dirichlet posteriors of the topics, by falling share of all words.
    prior : float32 array, shape (topics,)
        Dirichlet prior of documents' mixtures.
    word_prior : float
    """

    method = "lda"
    smoothing = 0.0

    def __init__(self, posteriors: Floats, prior: Floats, word_prior: float) -> None:
        self.posteriors = posteriors
        self.prior = prior
        self.word_prior = word_prior

    @classmethod
    def fit(
        cls,
        counts: csr_matrix,
        topics: int,
        *,
        seed: int,
        document_prior: float = DOCUMENT_PRIOR,
        word_prior: float = WORD_PRIOR,
        updates: int = UPDATES,
    ) -> Self:
        """Learn topics; documents without words, and the order of documents, do not matter.

        Parameters
        ----------
        counts : csr_matrix of float32, shape (documents, words)
            How often each word is in each document.
        topics : int
            How many; where it is more than the documents have to tell, some are alike.
        seed : int
            For the order of the documents and the start.
        document_prior : float above 0
            Prior of each topic in a document: the greater, the more topics a document has.
        word_prior : float above 0
            Prior of each word in a topic: the greater, the more words a topic has.
        updates : int
            Times that topics are updated, rounded up to whole passes over the documents.

        Raises
        ------
        DataError
            For counts below 0 or infinite, or when no document has a word.
        OptionError
            For an option out of range.
        """
        topics = check.whole("topics", topics, at_least=1)
        updates = check.whole("updates", updates, at_least=1)
        word_prior = check.number("word_prior", word_prior, low=1e-3)
        each = check.number("document_prior", document_prior, low=1e-3)
        learned = counts_to_learn(counts)
        learned = learned[sparse_row_order(learned, seed=seed)]
        prior = torch.full((topics,), each)
        with workers() as run:
            start = topic_start(learned, topics, seed=seed, run=run)
            found = train_topics(learned, start, prior, word_prior, updates=updates, run=run)
        posteriors = found.T.numpy()
        order = np.argsort(-posteriors.sum(1), kind="stable")
        return cls(np.ascontiguousarray(posteriors[order]), prior.numpy(), word_prior)

    @property
    def topics(self) -> int:
        """How many topics there are."""
        return len(self.posteriors)

    @property
    def words(self) -> Floats:
        """Probabilities of words, float32 (topics, words); rows sum to 1."""
        shares: Floats = self.posteriors / self.posteriors.sum(1, keepdims=True)
        return shares

    @property
    def shares(self) -> Floats:
        """Share of each topic in all words, float32 (topics,), falling."""
        masses = self.posteriors.sum(1)
        shares: Floats = masses / masses.sum()
        return shares

    @property
    def usual(self) -> Floats:
        """Probabilities of words over all topics, float32 (words,)."""
        usual: Floats = self.shares @ self.words
        return usual

    @property
    def nbytes(self) -> int:
        """Memory in bytes."""
        return int(self.posteriors.nbytes + self.prior.nbytes)

    def documents(self, counts: csr_matrix) -> Floats:
        """Return each document's expected share of each topic.

        Parameters
        ----------
        counts : csr_matrix of float32, shape (documents, words)

        Returns
        -------
        float32 array, shape (documents, topics)
            Rows sum to 1; a document without words has the prior's shares, all alike.

        Raises
        ------
        DataError
            For counts below 0 or infinite, or of another number of words.
        """
        mixtures = self._mixtures(checked_counts(counts, words=self.posteriors.shape[1]))
        shares: Floats = mixtures / mixtures.sum(1, keepdims=True)
        return shares

    def word_shares(self, counts: csr_matrix) -> Floats:
        """Return the share of each document's words that is of each topic.

        What the document tells by itself, where :meth:`documents`, the better guess at words that
        are still to come, also has what the prior adds, the more so the shorter a document is.

        Parameters, result and errors are those of :meth:`documents`.
        """
        mixtures = self._mixtures(checked_counts(counts, words=self.posteriors.shape[1]))
        told = np.maximum(mixtures - self.prior, 0)
        sums = told.sum(1, keepdims=True)
        return np.where(sums > 0, told / np.maximum(sums, 1e-30), 1 / self.topics).astype("f4")

    def perplexity(self, counts: csr_matrix) -> float:
        """Return the exponential of the negative bound a word; smaller is better.

        The figure that scikit-learn's ``LatentDirichletAllocation.perplexity`` gives.

        Raises
        ------
        DataError
            As :meth:`documents`; also if no document has a word.
        """
        tidy = counts_to_learn(checked_counts(counts, words=self.posteriors.shape[1]))
        mixtures, topics = (one.astype("f8") for one in (self._mixtures(tidy), self.posteriors))
        bound = log_bound(tidy, mixtures, topics, self.prior.astype("f8"), self.word_prior)
        return float(np.exp(-bound / tidy.data.sum(dtype=np.float64)))

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the arrays and values that :meth:`from_state` takes."""
        arrays = {"posteriors": self.posteriors, "prior": self.prior}
        return arrays, {"word_prior": self.word_prior}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`, with nothing taken on trust.

        Raises
        ------
        ModelError
            When an array is missing, damaged, or does not fit the others.
        """
        posteriors = factor_array(arrays, "posteriors", (None, None)).numpy()
        prior = factor_array(arrays, "prior", (len(posteriors),)).numpy()
        if not posteriors.size or (posteriors <= 0).any() or (prior <= 0).any():
            raise ModelError("the stored lda model has weights that are not above 0")
        try:
            word_prior = check.number("word_prior", values["word_prior"], low=1e-30)
        except (KeyError, OptionError) as error:
            raise ModelError(f"the stored lda model does not fit together: {error}") from error
        return cls(posteriors, prior, word_prior)

    def _mixtures(self, counts: csr_matrix) -> Floats:
        """Return the Dirichlet posteriors of documents, found in the order of their content."""
        order = sparse_row_order(counts, seed=0)
        topics = torch.from_numpy(self.posteriors).T.contiguous()
        start = torch.ones(len(order), self.topics)
        found = np.empty((len(order), self.topics), dtype=np.float32)
        with workers() as run:
            words = expected_words(topics, word_parts(topics), run)
            local = LocalStep(words, torch.from_numpy(self.prior), TOLERANCE)
            found[order] = local.settle(counts[order], start, run).numpy()
        return found
