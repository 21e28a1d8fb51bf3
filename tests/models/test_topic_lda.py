"""Latent Dirichlet allocation against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.special import psi
from sklearn.decomposition import LatentDirichletAllocation
from topic_data import TOPICS, planted

from ecomsql.models.exp_digamma import exp_digamma
from ecomsql.models.topic_lda import Lda
from ecomsql.models.topic_prediction import predictive_perplexity

# What scikit-learn's helper says about the machine is no matter of ours.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:joblib.*")


def sklearn_lda(**options) -> LatentDirichletAllocation:
    return LatentDirichletAllocation(
        TOPICS, random_state=0, mean_change_tol=1e-5, max_doc_update_iter=500, **options
    )


def of_sklearn(model: LatentDirichletAllocation) -> Lda:
    prior = np.full(len(model.components_), model.doc_topic_prior_, dtype=np.float32)
    return Lda(model.components_.astype(np.float32), prior, model.topic_word_prior_)


@pytest.mark.parametrize("prior", [0.2, 0.6])
def test_mixtures_and_perplexity_are_those_of_scikit_learn(prior):
    counts, _, _ = planted(300, length=15)
    counts, asked = counts[:200], counts[200:]
    peer = sklearn_lda(doc_topic_prior=prior, topic_word_prior=0.1, max_iter=3).fit(counts)
    model = of_sklearn(peer)
    apart = np.abs(model.documents(asked) - peer.transform(asked))
    assert apart.mean() < 1e-3
    assert apart.max() < 0.02
    assert model.perplexity(asked) == pytest.approx(peer.perplexity(asked), rel=1e-4)


def test_foretells_held_out_words_as_well_as_scikit_learn():
    counts, _, _ = planted(900, length=12)
    counts, asked = counts[:600], counts[600:]
    peer = sklearn_lda(doc_topic_prior=0.6, topic_word_prior=0.02, max_iter=20).fit(counts)
    model = Lda.fit(counts, TOPICS, seed=1)
    ours, theirs = (predictive_perplexity(one, asked, seed=3) for one in (model, of_sklearn(peer)))
    assert ours <= 1.01 * theirs
    assert model.perplexity(asked) <= 1.01 * peer.perplexity(asked)


def test_more_updates_fit_better():
    counts, _, _ = planted(900, length=10)
    told = [Lda.fit(counts, TOPICS, seed=1, updates=n).perplexity(counts) for n in (1, 6, 60)]
    assert told == sorted(told, reverse=True)


def test_greater_prior_of_documents_gives_more_even_shares():
    counts, _, _ = planted(200, length=10)
    most = [
        Lda.fit(counts, TOPICS, seed=1, document_prior=prior).documents(counts).max(1).mean()
        for prior in (0.5, 2.0)
    ]
    assert most[0] > most[1]


def test_exp_digamma():
    x = np.concatenate([np.logspace(-2, 12, 5000), [1e25, 1e38]]).astype(np.float32)
    found = exp_digamma(torch.from_numpy(x)).numpy()
    want = np.exp(psi(x.astype(np.float64)))
    there = x >= 0.1
    np.testing.assert_allclose(found[there], want[there], rtol=2e-6)
    np.testing.assert_allclose(found, want, rtol=2e-5, atol=1e-37)
    assert exp_digamma(torch.tensor([1e-3, 1e-20])).tolist() == [0.0, 0.0]
