"""Coherence, relevance, prediction and the number of topics against what is known by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from topic_data import TOPICS, planted

from ecomsql.errors import DataError
from ecomsql.models.npmi import npmi
from ecomsql.models.topic_lda import Lda
from ecomsql.models.topic_nmf import Nmf
from ecomsql.models.topic_number import choose_number, held_out
from ecomsql.models.topic_prediction import halves, predictive_perplexity
from ecomsql.models.topic_words import relevant_words


def test_npmi_by_hand():
    counts = csr_matrix(
        np.array([[2, 1, 0, 1], [1, 1, 0, 1], [0, 3, 0, 1], [0, 0, 5, 1]], dtype=np.float32)
    )
    # Words 0 and 1: together in 2 of 4 documents, alone in 2 and 3.
    pair = math.log(0.5 / (0.5 * 0.75)) / -math.log(0.5)
    tops = np.array([[0, 1, 2], [3, 3, 3]])
    assert npmi(counts, tops) == pytest.approx([(pair - 1 - 1) / 3, 1.0])
    assert npmi(counts, np.array([[3, 0]])) == pytest.approx([0.0])
    assert npmi(counts, np.array([[1]])) == pytest.approx([0.0])


def test_words_that_never_occur_have_the_least_coherence():
    counts = csr_matrix(np.array([[1, 0], [1, 0]], dtype=np.float32))
    assert npmi(counts, np.array([[0, 1]])) == pytest.approx([-1.0])
    assert npmi(counts[:0], np.array([[0, 1]])) == pytest.approx([-1.0])


def test_relevance_by_hand():
    words = np.array([[0.5, 0.3, 0.2, 0.0], [0.5, 0.02, 0.24, 0.24]], dtype=np.float32)
    usual = np.array([0.5, 0.16, 0.22, 0.12], dtype=np.float32)
    assert relevant_words(words, usual, 3, balance=1.0).tolist() == [[0, 1, 2], [0, 2, 3]]
    assert relevant_words(words, usual, 4, balance=0.0).tolist() == [[1, 0, 2, 3], [3, 2, 0, 1]]
    score = [0.6 * math.log(p) + 0.4 * math.log(p / q) for p, q in zip(words[1], usual, strict=1)]
    assert relevant_words(words, usual, 9)[1].tolist() == np.argsort(np.negative(score)).tolist()


def test_words_of_the_same_relevance_keep_their_order():
    words = np.full((1, 6), 1 / 6, dtype=np.float32)
    assert relevant_words(words, words[0], 4).tolist() == [[0, 1, 2, 3]]


def test_halves_add_up_whatever_the_order():
    counts, _, _ = planted(50, length=10)
    first, second = halves(counts, seed=2)
    assert sorted((first + second).toarray().tolist()) == sorted(counts.toarray().tolist())
    assert 0.4 < first.sum() / counts.sum() < 0.6
    again = halves(counts[np.random.default_rng(1).permutation(50)], seed=2)
    assert (again[0] != first).nnz == 0


def test_perplexity_is_how_many_words_are_alike():
    counts = csr_matrix(np.full((40, 8), 2, dtype=np.float32))
    for kind in (Lda, Nmf):
        model = kind.fit(counts, 1, seed=1)
        assert predictive_perplexity(model, counts, seed=0) == pytest.approx(8, rel=1e-3)


def test_perplexity_of_the_planted_topics_is_near_that_of_the_truth():
    counts, topics, mixtures = planted(900)
    model = Lda.fit(counts[:600], TOPICS, seed=1)
    found = predictive_perplexity(model, counts[600:], seed=4)
    asked, told = counts[600:].toarray(), mixtures[600:] @ topics
    truth = np.exp(-(asked * np.log(np.maximum(told, 1e-9))).sum() / asked.sum())
    # The truth knows the mixtures, the model half of each document.
    assert found < 1.1 * truth


def test_nothing_to_foretell():
    model = Lda.fit(planted(30)[0], 2, seed=1)
    with pytest.raises(DataError, match="too few held-out words"):
        predictive_perplexity(model, csr_matrix((4, 70), dtype=np.float32), seed=1)


@pytest.mark.parametrize("kind", [Lda, Nmf])
def test_planted_number_of_topics_is_found(kind):
    counts, _, _ = planted(250)
    best, tried = choose_number(counts, lambda part, n: kind.fit(part, n, seed=1), seed=1)
    assert best in (4, 5, 6)
    assert [one.topics for one in tried][:3] == [2, 3, 4]


def test_one_word_is_no_ground_to_choose():
    counts = csr_matrix(np.eye(9, dtype=np.float32))
    assert choose_number(counts, lambda part, n: Lda.fit(part, n, seed=1), seed=1)[0] >= 1


def test_number_of_topics_of_hardly_any_documents():
    counts, _, _ = planted(2)
    assert choose_number(counts, lambda part, n: Lda.fit(part, n, seed=1), seed=1) == (1, [])


def test_held_out_documents_follow_from_their_content():
    counts, _, _ = planted(200)
    learned, held = held_out(counts, seed=1)
    assert learned.shape[0] + held.shape[0] == 200
    assert 20 < held.shape[0] < 60
    again = held_out(counts[::-1], seed=1)[1]
    assert (again != held).nnz == 0
