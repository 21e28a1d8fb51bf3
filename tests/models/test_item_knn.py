"""Item-based neighbours: known answers, a plain dense loop, edges, and hostile states."""

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

from ecomsql.errors import ModelError, OptionError, Stopped
from ecomsql.features.interactions import Interactions
from ecomsql.models.corated import RATING_FORMULAS
from ecomsql.models.profiles import cut_long
from ecomsql.models.recommenders.item_knn import LENGTH_PENALTY, PRIOR, Model
from ecomsql.models.similarity import SIMILARITIES, Similarity
from ecomsql.progress import resume, stop


@pytest.mark.parametrize("similarity", ["auto", *SIMILARITIES])
def test_checkerboard(similarity: str) -> None:
    board = checkerboard()
    model = Model.fit(from_dense(board), seed=1, similarity=similarity)
    items, scores = model.recommend(from_dense(board), 10)
    assert items[:, 0].tolist() == list(range(len(board)))
    assert (items[:, 1:] == -1).all()
    assert (scores[:, 0] > 0).all()


@pytest.mark.parametrize("similarity", ["auto", *sorted(RATING_FORMULAS)])
def test_checkerboard_of_ratings(similarity: str) -> None:
    random = np.random.default_rng(3)
    taste = np.where(np.add.outer(np.arange(40), np.arange(40)) % 2 == 0, 5.0, 1.0)
    ratings = np.where(random.random((40, 40)) < 0.7, taste, 0)
    data = from_dense(ratings)
    model = Model.fit(data, seed=1, feedback="explicit", similarity=similarity, neighbours=10)
    items, _ = model.recommend(data, 1)
    liked = taste[np.arange(40), items[:, 0]] == 5
    left = ((ratings == 0) & (taste == 5)).any(axis=1)
    assert liked[left].mean() > 0.9 or similarity in ("euclidean", "jaccard")


def plain_scores(ratings: np.ndarray, back: np.ndarray, name: str, recency: float) -> np.ndarray:
    rows = csr_matrix(ratings.T.astype(np.float32))
    fitted = Similarity.fit(name, rows, length_penalty=LENGTH_PENALTY)
    vectors = fitted.vectors(rows)
    alike = np.maximum(fitted.block(vectors, vectors, csr_matrix(vectors.rows.T)).toarray(), 0)
    np.fill_diagonal(alike, 0)
    expected = np.zeros_like(ratings)
    for user, item in zip(*np.nonzero(ratings), strict=True):
        weight = recency ** back[user, item] * np.log2(1 + ratings[user, item])
        expected[user] += weight * alike[item]
    return expected


@settings(deadline=None, max_examples=60)
@given(small_counts(), st.sampled_from(SIMILARITIES), st.booleans())
def test_equals_a_plain_loop(ratings: np.ndarray, similarity: str, timed: bool) -> None:
    times = np.tile(np.arange(ratings.shape[1]), (len(ratings), 1)) if timed else None
    data = from_dense(ratings, times)
    back = np.zeros(ratings.shape)
    if data.steps is not None:
        back[data.users, data.items] = data.steps
    expected = plain_scores(ratings, back, similarity, 0.5)
    expected[ratings > 0] = 0
    model = Model.fit(data, seed=1, similarity=similarity, recency=0.5)
    items, scores = model.recommend(data, ratings.shape[1])
    for user in range(len(ratings)):
        there = items[user] >= 0
        assert there.sum() == (expected[user] > 0).sum()
        np.testing.assert_allclose(scores[user][there], expected[user][items[user][there]], 1e-4)
        assert (np.diff(scores[user][there]) <= 0).all()


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


def test_predicted_rating() -> None:
    ratings = np.array([[5.0, 4, 0], [4, 5, 3], [1, 2, 3], [2, 1, 5]])
    model = Model.fit(from_dense(ratings), seed=1, feedback="explicit", similarity="euclidean")
    alike = model.neighbours.toarray()
    user = ratings[0]
    sums, total = alike[2] @ user, alike[2, :2].sum()
    expected = (sums + PRIOR * 4.5) / (total + PRIOR)
    items, scores = model.recommend(from_dense(ratings[:1]), 3)
    assert items[0].tolist() == [2, -1, -1]
    assert scores[0, 0] == pytest.approx(expected, rel=1e-5)


def test_latest_items_count_most() -> None:
    pairs = np.kron(np.eye(3), np.ones((4, 2)))
    history = from_dense(np.array([[1.0, 0, 1, 0, 1, 0]]), np.array([[2, 0, 3, 0, 1, 0]]))
    items, _ = Model.fit(from_dense(pairs), seed=1).recommend(history, 3)
    assert items.tolist() == [[3, 1, 5]]


def test_very_old_items_still_count() -> None:
    n = 400
    rows = np.zeros((3, n + 1))
    rows[:, [0, n]] = 1
    history = np.ones((1, n + 1))
    history[0, n] = 0
    data = from_dense(history, np.arange(n + 1)[None])
    items, scores = Model.fit(from_dense(rows), seed=1, recency=0.3).recommend(data, 2)
    assert items.tolist() == [[n, -1]]
    assert scores[0, 0] > 0


def test_seen_items_lead_when_they_may_come_back() -> None:
    board = checkerboard(20)
    items, _ = Model.fit(from_dense(board), seed=1).recommend(
        from_dense(board), 9, exclude_seen=False
    )
    assert np.take_along_axis(board, items, axis=1).all()


def test_row_order_changes_nothing() -> None:
    ratings = sparse_counts(4)
    for data in in_any_order(ratings):
        model = Model.fit(data, seed=1)
        first = Model.fit(from_dense(ratings), seed=1)
        assert model.neighbours.data.tobytes() == first.neighbours.data.tobytes()
        for found, expected in zip(model.recommend(data, 5), first.recommend(data, 5), strict=True):
            np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (1, 1), (1, 4), (5, 1), (3, 0)])
def test_tiny_data(shape: tuple[int, int]) -> None:
    data = from_dense(np.ones(shape))
    for feedback in ("implicit", "explicit"):
        model = Model.fit(data, seed=1, feedback=feedback)
        items, scores = model.recommend(data, 10)
        assert items.shape == scores.shape == (shape[0], min(10, shape[1]))
        assert (items == -1).all()
        assert model.similar_items(3)[0].shape == (shape[1], min(3, max(shape[1] - 1, 0)))


def test_users_without_history_get_nothing() -> None:
    model = Model.fit(from_dense(checkerboard(10)), seed=1)
    items, scores = model.recommend(from_dense(np.zeros((2, 10))), 4)
    assert (items == -1).all()
    assert (scores == 0).all()


def test_similar_items_are_the_nearest_of_the_other_items() -> None:
    ratings = sparse_counts(9)
    model = Model.fit(from_dense(ratings), seed=1, similarity="cosine")
    items, similarity = model.similar_items(3)
    unit = ratings / np.linalg.norm(ratings, axis=0)
    expected = unit.T @ unit
    np.fill_diagonal(expected, -1)
    np.testing.assert_allclose(similarity, -np.sort(-expected, axis=1)[:, :3], rtol=1e-5)
    assert (items != np.arange(25)[:, None]).all()


def test_long_histories_are_sampled_alike_each_time() -> None:
    data = from_dense(np.ones((3, 50)), np.tile(np.arange(50), (3, 1)))
    cut = cut_long(data, 20, seed=5)
    assert cut.lengths.tolist() == [20, 20, 20]
    np.testing.assert_array_equal(cut.items, cut_long(data, 20, seed=5).items)
    assert (cut.items != cut_long(data, 20, seed=6).items).any()
    assert cut_long(data, 50, seed=5) is data


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"similarity": "cosin"}, "did you mean 'cosine'"),
        ({"similarity": "bm25", "feedback": "explicit"}, "with feedback 'explicit'"),
        ({"feedback": "explicits"}, "did you mean 'explicit'"),
        ({"neighbours": 0}, "neighbours is at least 1, not 0"),
        ({"recency": 0.0}, "recency is above 0 and at most 1, not 0.0"),
        ({"recency": float("nan")}, "recency is above 0 and at most 1, not nan"),
    ],
)
def test_wrong_options(options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        Model.fit(from_dense(checkerboard(4)), seed=1, **options)


def test_stops_on_request() -> None:
    stop()
    try:
        with pytest.raises(Stopped):
            Model.fit(from_dense(checkerboard(4)), seed=1)
    finally:
        resume()


def fitted() -> tuple[Model, Interactions]:
    data = from_dense(sparse_counts(2))
    return Model.fit(data, seed=1), data


def test_state_restores_the_model() -> None:
    model, data = fitted()
    again = Model.from_state(*model.state())
    for found, expected in zip(again.recommend(data, 5), model.recommend(data, 5), strict=True):
        np.testing.assert_array_equal(found, expected)
    assert model.nbytes > 0


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("offsets", lambda a: a[:-1]),
        ("offsets", lambda a: a[::-1].copy()),
        ("offsets", lambda a: a.astype(np.float64)),
        ("columns", lambda a: a + 1000),
        ("columns", lambda a: a - 1000),
        ("columns", lambda a: a[:-1]),
        ("columns", lambda a: a.reshape(1, -1)),
        ("values", lambda a: a * np.nan),
        ("values", lambda a: -a),
        ("values", lambda a: a[:-1]),
        ("itself", lambda a: a[:-1]),
        ("itself", lambda a: a / 0),
    ],
)
def test_damaged_arrays_are_refused(name: str, damage: object) -> None:
    arrays, values = fitted()[0].state()
    with np.errstate(divide="ignore"):
        arrays[name] = damage(arrays[name])
    with pytest.raises(ModelError):
        Model.from_state(arrays, values)


@pytest.mark.parametrize(
    "damage",
    [{"feedback": "x"}, {"feedback": []}, {"recency": 2.0}, {"recency": "1"}, {"recency": None}],
)
def test_damaged_values_are_refused(damage: dict[str, object]) -> None:
    arrays, values = fitted()[0].state()
    with pytest.raises(ModelError):
        Model.from_state(arrays, values | damage)


@pytest.mark.parametrize("name", ["offsets", "columns", "values", "itself"])
def test_missing_arrays_are_refused(name: str) -> None:
    arrays, values = fitted()[0].state()
    del arrays[name]
    with pytest.raises(ModelError, match=name):
        Model.from_state(arrays, values)
