"""User-based neighbours: known answers, a plain dense loop, edges, and hostile states."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from knn_data import (
    checkerboard,
    from_dense,
    in_any_order,
    small_counts,
    sparse_counts,
)
from scipy.sparse import csr_matrix

from ecomsql.errors import ModelError, OptionError
from ecomsql.models.corated import RATING_FORMULAS, RatingSimilarity
from ecomsql.models.recommenders.user_knn import LENGTH_PENALTY, PRIOR, Model
from ecomsql.models.similarity import SIMILARITIES, Similarity


@pytest.mark.parametrize("similarity", ["auto", *SIMILARITIES])
def test_checkerboard(similarity: str) -> None:
    board = checkerboard()
    model = Model.fit(from_dense(board), seed=1, similarity=similarity)
    items, _ = model.recommend(from_dense(board), 10)
    assert items[:, 0].tolist() == list(range(len(board)))
    assert (items[:, 1:] == -1).all()


def plain_scores(ratings: np.ndarray, name: str, k: int) -> np.ndarray:
    rows = csr_matrix(ratings.astype(np.float32))
    fitted = Similarity.fit(name, rows, length_penalty=LENGTH_PENALTY)
    vectors = fitted.vectors(rows)
    alike = fitted.block(vectors, vectors, csr_matrix(vectors.rows.T)).toarray()
    expected = np.zeros_like(ratings)
    for user in range(len(ratings)):
        for other in np.argsort(-alike[user], kind="stable")[:k]:
            expected[user] += max(alike[user, other], 0) * np.log2(1 + ratings[other])
    return expected


@settings(deadline=None, max_examples=60)
@given(small_counts(), st.sampled_from(SIMILARITIES), st.integers(1, 9))
def test_equals_a_plain_loop(ratings: np.ndarray, similarity: str, k: int) -> None:
    data = from_dense(ratings)
    expected = plain_scores(ratings, similarity, k)
    expected[ratings > 0] = 0
    model = Model.fit(data, seed=1, similarity=similarity, neighbours=k)
    items, scores = model.recommend(data, ratings.shape[1])
    for user in range(len(ratings)):
        there = items[user] >= 0
        assert there.sum() == (expected[user] > 0).sum()
        np.testing.assert_allclose(scores[user][there], expected[user][items[user][there]], 1e-4)


@pytest.mark.parametrize("similarity", ["pearson", "cosine"])
def test_predicted_rating_is_the_mean_and_the_neighbours_deviations(similarity: str) -> None:
    ratings = sparse_counts(3, n_users=15, n_items=12)
    data = from_dense(ratings)
    model = Model.fit(data, seed=1, feedback="explicit", similarity=similarity)
    rows = csr_matrix(ratings)
    alike = RatingSimilarity(similarity, rows, csr_matrix(rows.T)).block(0, 15).toarray()
    alike = np.maximum(alike, 0)
    rated = ratings > 0
    means = ratings.sum(axis=1) / np.maximum(rated.sum(axis=1), 1)
    deviations = np.where(rated, ratings - means[:, None], 0)
    expected = means[:, None] + alike @ deviations / (alike @ rated + PRIOR)
    found = model.scores(data).numpy()
    there = np.isfinite(found)
    assert there.any()
    np.testing.assert_array_equal(there, alike @ rated > 0)
    np.testing.assert_allclose(found[there], expected[there], rtol=1e-4)


@settings(deadline=None, max_examples=30)
@given(small_counts(), st.sampled_from(["implicit", "explicit"]), st.booleans())
def test_sparse_ranking_equals_dense_scores(
    ratings: np.ndarray, feedback: str, exclude_seen: bool
) -> None:
    data = from_dense(ratings)
    model = Model.fit(data, seed=1, feedback=feedback)
    sparse = model.recommend(data, 5, exclude_seen=exclude_seen)
    dense = super(Model, model).recommend(data, 5, exclude_seen=exclude_seen)
    np.testing.assert_array_equal(sparse[0], dense[0])
    np.testing.assert_allclose(sparse[1], dense[1], rtol=1e-5)


def test_new_users_are_scored() -> None:
    model = Model.fit(from_dense(checkerboard(12)), seed=1)
    history = np.zeros((3, 12))
    history[0, 2] = history[1, 3] = 1
    items, _ = model.recommend(from_dense(history), 12)
    assert set(items[0].tolist()) - {-1} == {0, 4, 6, 8, 10}
    assert set(items[1].tolist()) - {-1} == {1, 5, 7, 9, 11}
    assert (items[2] == -1).all()


def test_latest_items_count_most() -> None:
    pairs = np.kron(np.eye(3), np.ones((4, 2)))
    history = from_dense(np.array([[1.0, 0, 1, 0, 1, 0]]), np.array([[2, 0, 3, 0, 1, 0]]))
    items, _ = Model.fit(from_dense(pairs), seed=1).recommend(history, 3)
    assert items.tolist() == [[3, 1, 5]]


def test_row_order_changes_nothing() -> None:
    ratings = sparse_counts(4)
    first = Model.fit(from_dense(ratings), seed=1).recommend(from_dense(ratings), 5)
    for data in in_any_order(ratings):
        found = Model.fit(data, seed=1).recommend(data, 5)
        np.testing.assert_array_equal(found[0], first[0])
        np.testing.assert_array_equal(found[1], first[1])


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (1, 1), (1, 4), (5, 1), (3, 0)])
@pytest.mark.parametrize("feedback", ["implicit", "explicit"])
def test_tiny_data(shape: tuple[int, int], feedback: str) -> None:
    data = from_dense(np.ones(shape))
    model = Model.fit(data, seed=1, feedback=feedback)
    items, scores = model.recommend(data, 10)
    assert items.shape == scores.shape == (shape[0], min(10, shape[1]))
    assert (items == -1).all()
    assert model.similar_users(data, 3)[0].shape == (shape[0], min(3, max(shape[0] - 1, 0)))


def test_similar_users_are_the_nearest_of_the_others() -> None:
    ratings = sparse_counts(9)
    model = Model.fit(from_dense(ratings), seed=1, similarity="cosine")
    users, similarity = model.similar_users(from_dense(ratings), 3)
    norms = np.linalg.norm(ratings, axis=1, keepdims=True)
    unit = ratings / np.where(norms > 0, norms, 1)
    expected = unit @ unit.T
    np.fill_diagonal(expected, -1)
    np.testing.assert_allclose(similarity, -np.sort(-expected, axis=1)[:, :3], rtol=1e-5)
    assert (users != np.arange(60)[:, None]).all()


def test_wrong_options() -> None:
    data = from_dense(checkerboard(4))
    with pytest.raises(OptionError, match="did you mean 'jaccard'"):
        Model.fit(data, seed=1, similarity="jacard")
    with pytest.raises(OptionError, match="neighbours is at least 1"):
        Model.fit(data, seed=1, neighbours=-3)


@pytest.mark.parametrize(
    ("feedback", "similarity"),
    [("implicit", name) for name in SIMILARITIES] + [("explicit", x) for x in RATING_FORMULAS],
)
def test_state_restores_the_model(feedback: str, similarity: str) -> None:
    data = from_dense(sparse_counts(2))
    model = Model.fit(data, seed=1, feedback=feedback, similarity=similarity)
    again = Model.from_state(*model.state())
    for found, expected in zip(again.recommend(data, 5), model.recommend(data, 5), strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    "damage",
    [
        {"offsets": np.array([0, 5], dtype=np.int64)},
        {"columns": np.array([-1], dtype=np.int32)},
        {"votes": np.array([1.0], dtype=np.float32)},
        {"votes": None},
        {"values": np.zeros(3)},
    ],
)
def test_damaged_arrays_are_refused(damage: dict[str, np.ndarray]) -> None:
    arrays, values = Model.fit(from_dense(sparse_counts(2)), seed=1).state()
    with pytest.raises(ModelError):
        Model.from_state(arrays | damage, values)


@pytest.mark.parametrize(
    "damage",
    [
        {"n_items": 3},
        {"n_items": -1},
        {"n_items": 2.5},
        {"neighbours": 0},
        {"neighbours": True},
        {"similarity": "x"},
        {"similarity": []},
        {"feedback": {}},
        {"recency": -1.0},
        {"recency": None},
    ],
)
def test_damaged_values_are_refused(damage: dict[str, object]) -> None:
    arrays, values = Model.fit(from_dense(sparse_counts(2)), seed=1).state()
    with pytest.raises(ModelError):
        Model.from_state(arrays, values | damage)
