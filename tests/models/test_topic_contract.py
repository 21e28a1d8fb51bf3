"""What every topic model does, over documents of known topics."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix, vstack
from topic_data import OWN, TOPICS, WORDS, matched, planted

from ecomsql.errors import DataError, ModelError, OptionError
from ecomsql.models.topic_lda import Lda
from ecomsql.models.topic_nmf import Nmf
from ecomsql.models.topic_words import relevant_words

every_model = pytest.mark.parametrize("kind", [Lda, Nmf])


@every_model
def test_planted_topics_are_found(kind):
    counts, topics, mixtures = planted()
    model = kind.fit(counts, TOPICS, seed=1)
    found = matched(model.words, topics)
    assert sorted(found) == list(range(TOPICS))
    tops = relevant_words(model.words, model.usual, 10)
    for topic, other in enumerate(found):
        assert (tops[other] // OWN == topic).all()
        # Half of the sum of differences: the probability that is at another word.
        assert np.abs(model.words[other] - topics[topic]).sum() / 2 < 0.15
    shares = model.documents(counts)[:, found]
    assert np.corrcoef(shares.ravel(), mixtures.ravel())[0, 1] > 0.97


@every_model
def test_shares_are_probabilities_and_fall(kind):
    counts, _, _ = planted(150, seed=3)
    model = kind.fit(counts, 7, seed=1)
    documents = model.documents(counts)
    assert documents.dtype == np.float32
    for rows in (
        documents,
        model.word_shares(counts),
        model.words,
        model.shares[None],
        model.usual[None],
    ):
        assert rows.min() >= 0
        np.testing.assert_allclose(rows.sum(1), 1, rtol=1e-5)
    assert (np.diff(model.shares) <= 0).all()
    assert model.topics == 7
    assert model.nbytes > 0


@every_model
def test_seed_decides_and_order_of_documents_does_not(kind):
    counts, _, _ = planted(700, seed=2, length=8)
    order = np.random.default_rng(5).permutation(counts.shape[0])
    one, other = kind.fit(counts, 4, seed=1), kind.fit(counts[order], 4, seed=1)
    assert (one.words == other.words).all()
    assert (one.documents(counts)[order] == other.documents(counts[order])).all()


@every_model
def test_given_matrix_stays_and_may_be_untidy(kind):
    counts, _, _ = planted(60, seed=2)
    halves = [counts.indptr * 2, np.repeat(counts.indices, 2), np.repeat(counts.data / 2, 2)]
    untidy = csr_matrix((halves[2], halves[1], halves[0]), shape=counts.shape)
    before = untidy.data.copy()
    assert (kind.fit(untidy, 3, seed=1).words == kind.fit(counts, 3, seed=1).words).all()
    assert len(untidy.data) == len(before)


@every_model
def test_threads_and_neighbours_change_no_more_than_rounding(kind):
    counts, _, _ = planted(700, seed=2)
    model = kind.fit(counts, 5, seed=1)
    together = model.documents(counts)
    alone = np.vstack([model.documents(counts[at]) for at in range(0, 700, 100)])
    np.testing.assert_allclose(alone, together[::100], atol=1e-6)
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(3 - min(threads, 2))
        again = kind.fit(counts, 5, seed=1)
    finally:
        torch.set_num_threads(threads)
    np.testing.assert_allclose(again.words, model.words, atol=1e-3)


@every_model
def test_documents_without_known_words_have_all_topics_alike(kind):
    counts, _, _ = planted(50)
    with_empty = vstack([counts, csr_matrix((3, WORDS), dtype=np.float32)]).tocsr()
    model = kind.fit(with_empty, 4, seed=1)
    assert (model.words == kind.fit(counts, 4, seed=1).words).all()
    for shares in (model.documents(with_empty), model.word_shares(with_empty)):
        np.testing.assert_allclose(shares[-3:], 0.25, rtol=1e-5)
    assert model.documents(with_empty[:0]).shape == (0, 4)


@every_model
@pytest.mark.parametrize("topics", [1, 2, 9])
@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (6, 1), (3, 4)])
def test_hardly_any_documents_or_words(kind, topics, shape):
    counts = csr_matrix(np.ones(shape, dtype=np.float32))
    model = kind.fit(counts, topics, seed=1)
    assert model.words.shape == (topics, shape[1])
    assert np.isfinite(model.words).all()
    np.testing.assert_allclose(model.documents(counts).sum(1), 1, rtol=1e-5)


@every_model
def test_more_topics_than_documents(kind):
    counts, _, _ = planted(8)
    model = kind.fit(counts, 20, seed=1)
    assert np.isfinite(model.words).all()
    assert np.isfinite(model.documents(counts)).all()


@every_model
@pytest.mark.parametrize("scale", [1e7, 1e15, 1e-3])
def test_huge_and_tiny_counts(kind, scale):
    counts, topics, _ = planted(200)
    model = kind.fit(counts * np.float32(scale), TOPICS, seed=1)
    assert np.isfinite(model.words).all()
    shares = model.documents(counts * np.float32(scale))
    np.testing.assert_allclose(shares.sum(1), 1, rtol=1e-4)
    if scale > 1:
        assert sorted(matched(model.words, topics)) == list(range(TOPICS))


@every_model
def test_wrong_data_is_refused(kind):
    counts, _, _ = planted(20)
    for bad in (-1, np.nan, np.inf):
        wrong = counts.copy()
        wrong.data[0] = bad
        with pytest.raises(DataError, match="finite numbers"):
            kind.fit(wrong, 2, seed=1)
    for empty in (counts * 0, counts[:0], csr_matrix((3, 0), dtype=np.float32)):
        with pytest.raises(DataError, match="no document has a word"):
            kind.fit(empty, 2, seed=1)
    with pytest.raises(DataError, match="3 words, the topics of 70"):
        kind.fit(counts, 2, seed=1).documents(counts[:, :3])
    with pytest.raises(OptionError, match="topics := 0"):
        kind.fit(counts, 0, seed=1)


@every_model
def test_stored_model_answers_alike(kind):
    counts, _, _ = planted(100)
    model = kind.fit(counts, 3, seed=1)
    again = kind.from_state(*model.state())
    assert (again.documents(counts) == model.documents(counts)).all()
    assert (again.words == model.words).all()
    assert (again.shares == model.shares).all()


@every_model
def test_damaged_models_are_refused(kind):
    arrays, values = kind.fit(planted(60)[0], 3, seed=1).state()
    for name, array in arrays.items():
        nan, low = array.copy(), array.copy()
        nan.flat[0], low.flat[0] = np.nan, -1
        shorter = array[..., :-1]
        for bad in (None, nan, low, array.astype(np.float64), array[:0], shorter):
            damaged = {**arrays, name: bad}
            if bad is shorter and name == "posteriors":
                continue  # A model of fewer words.
            with pytest.raises(ModelError):
                kind.from_state(damaged, values)
    for name in values:
        with pytest.raises(ModelError, match="does not fit together"):
            kind.from_state(arrays, {**values, name: None})
        with pytest.raises(ModelError, match="does not fit together"):
            kind.from_state(arrays, {})
