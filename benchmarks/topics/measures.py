"""How good topics are: perplexity of held-out reviews, and coherence."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.topics.contestants import Topics
from benchmarks.topics.data import Reviews

WORDS = 10


def figures(found: Topics, reviews: Reviews) -> dict[str, float]:
    """Return every figure of a contestant, all by the same code.

    ``perplexity`` is of one half of each review's words given the other half, and
    ``bound_perplexity`` what scikit-learn's method gives for whole reviews. NPMI is of the ten most
    probable words of each topic, in the reviews that were learned from and in the others.
    """
    from ecomsql.models.npmi import npmi

    tops = np.argsort(-found.words, axis=1, kind="stable")[:, :WORDS]
    told = {
        "perplexity": completion(found, reviews),
        "npmi": float(npmi(reviews.learned, tops).mean()),
        "npmi_held_out": float(npmi(reviews.held_out, tops).mean()),
    }
    if found.posteriors is not None:
        told["bound_perplexity"] = bound(found, reviews.held_out)
    return told


def completion(found: Topics, reviews: Reviews) -> float:
    """Return the perplexity of halves of reviews given the other halves."""
    from ecomsql.models.topic_prediction import halves

    given, asked = halves(reviews.held_out, seed=7)
    shares, entries = found.documents(given), asked.tocoo()
    told = np.einsum("nk,nk->n", shares[entries.row], found.words.T[entries.col])
    mixed = (1 - found.smoothing) * told + found.smoothing * reviews.usual[entries.col]
    logs = float(entries.data @ np.log(np.maximum(mixed, 1e-30)))
    return float(np.exp(-logs / entries.data.sum(dtype=np.float64)))


def bound(found: Topics, counts: csr_matrix) -> float:
    """Return scikit-learn's perplexity of counts, by its own code, whoever found the topics."""
    from sklearn.decomposition import LatentDirichletAllocation
    from sklearn.decomposition._online_lda_fast import _dirichlet_expectation_2d

    posteriors = np.asarray(found.posteriors, dtype=np.float64)
    model = LatentDirichletAllocation(len(posteriors))
    model.doc_topic_prior_, model.topic_word_prior_ = found.priors
    model.components_, model.n_features_in_ = posteriors, posteriors.shape[1]
    model.exp_dirichlet_component_ = np.exp(_dirichlet_expectation_2d(posteriors))
    model._n_components = len(posteriors)
    return float(model.perplexity(counts.astype(np.float64)))
