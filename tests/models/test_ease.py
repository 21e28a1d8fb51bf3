"""EASE: its formula on dense matrices, known answers, edges, and hostile states."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from linear_data import binary, dense_ease, halves, random_data, random_events

from ecomsql.errors import DataError, ModelError, OptionError, Stopped
from ecomsql.features.interactions import Interactions, interactions
from ecomsql.models.ease_options import REGULARIZATIONS, tuned
from ecomsql.models.ranking import top_k
from ecomsql.models.recommenders.ease import Model
from ecomsql.progress import resume, stop

FIXED = {"regularization": 5.0, "closeness": 0.8, "reverse": 0.3, "recency": 0.5}
STECK = {"regularization": 5.0, "closeness": 1.0, "reverse": 1.0, "recency": 1.0}


def empty(n_users: int, n_items: int) -> Interactions:
    none = pl.DataFrame(schema={"user": pl.Int64, "item": pl.Int64, "weight": pl.Float64})
    return interactions(none, n_users=n_users, n_items=n_items)


def test_equals_the_closed_form() -> None:
    data = random_data(1, times=None)
    rows = binary(data)
    inverse = np.linalg.inv(rows.T @ rows + 5 * np.eye(data.n_items))
    expected = -inverse / np.diag(inverse)
    np.fill_diagonal(expected, 0)
    model = Model.fit(data, seed=1, **STECK)
    np.testing.assert_allclose(model.weights.toarray(), expected, atol=1e-5)


@pytest.mark.parametrize("use", [STECK, FIXED, FIXED | {"reverse": 0.0}])
def test_equals_a_regression_of_each_item(use: dict[str, float]) -> None:
    data = random_data(1)
    expected = dense_ease(data, **{name: use[name] for name in use if name != "recency"})
    model = Model.fit(data, seed=1, **use)
    np.testing.assert_allclose(model.weights.toarray(), expected, atol=1e-5)


def test_scores_weigh_the_history_by_recency() -> None:
    data = random_data(1)
    model = Model.fit(data, seed=1, **FIXED)
    expected = data.matrix(np.float32(0.5) ** data.steps).toarray() @ model.weights.toarray()
    scores = model.scores(data).numpy()
    positive = expected > 1e-6
    np.testing.assert_allclose(scores[positive], expected[positive], rtol=1e-3)
    assert np.isneginf(scores[expected < -1e-6]).all()


@pytest.mark.parametrize("feedback", ["implicit", "explicit"])
@pytest.mark.parametrize("exclude_seen", [True, False])
def test_recommends_what_scores_best(feedback: str, exclude_seen: bool) -> None:
    data = random_data(2)
    model = Model.fit(data, seed=1, feedback=feedback, **FIXED)
    found = model.recommend(data, 7, exclude_seen=exclude_seen)
    expected = top_k(model.scores(data), 7, seen=data if exclude_seen else None)
    assert (found[0] == expected[0]).mean() > 0.999
    np.testing.assert_allclose(found[1], expected[1], rtol=1e-4, atol=1e-7)


def test_the_own_half_of_the_items_comes_first() -> None:
    data = halves()
    model = Model.fit(data, seed=1)
    items, _ = model.recommend(data, 10)
    left = 10 - data.lengths
    for user in range(data.n_users):
        assert (items[user, : left[user]] % 2 == user % 2).all()


def test_few_weights_are_the_largest() -> None:
    data = random_data(1)
    whole = Model.fit(data, seed=1, **FIXED).weights.toarray()
    few = Model.fit(data, seed=1, top=4, **FIXED)
    assert (np.diff(few.weights.indptr) <= 4).all()
    for full, row in zip(whole, few.weights.toarray(), strict=True):
        kept = np.sort(np.abs(row))[::-1][:4]
        np.testing.assert_allclose(kept, np.sort(np.abs(full))[::-1][:4], rtol=1e-5)
    assert few.metrics["weights"] == few.weights.nnz


def test_ratings_below_four_fifths_do_not_count() -> None:
    events = random_events(1)
    kept = events.group_by("user", "item").agg(pl.col("weight").max(), pl.col("time").max())
    liked = kept.filter(pl.col("weight") >= 4)
    rated, alone = (interactions(one, n_users=60, n_items=30) for one in (kept, liked))
    model = Model.fit(rated, seed=1, feedback="explicit", **FIXED)
    same = Model.fit(alone, seed=1, **FIXED)
    np.testing.assert_array_equal(model.weights.toarray(), same.weights.toarray())
    np.testing.assert_allclose(model.scores(rated), same.scores(alone), rtol=1e-6)


def test_same_answer_in_any_row_order() -> None:
    events = random_events(1)
    fits = [
        Model.fit(interactions(one, n_users=60, n_items=30), seed=3)
        for one in (events, events.sample(fraction=1, shuffle=True, seed=8))
    ]
    for name, array in fits[0].state()[0].items():
        np.testing.assert_array_equal(array, fits[1].state()[0][name])
    assert fits[0].metrics == fits[1].metrics


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (1, 1), (3, 4)])
def test_nothing_to_learn_from(shape: tuple[int, int]) -> None:
    data = empty(*shape)
    model = Model.fit(data, seed=1)
    items, scores = model.recommend(data, 5)
    assert items.shape == (shape[0], min(5, shape[1]))
    assert (items == -1).all()
    assert not scores.any()
    assert (model.similar_items(3)[0] == -1).all()


def test_one_user_and_one_item() -> None:
    frame = pl.DataFrame({"user": [0], "item": [0], "weight": [2.0], "time": [5]})
    data = interactions(frame, n_users=1, n_items=1)
    model = Model.fit(data, seed=1)
    assert model.recommend(data, 10)[0].tolist() == [[-1]]
    assert model.similar_items(10)[0].shape == (1, 0)


def test_a_user_without_history_and_more_items_than_there_are() -> None:
    data = random_data(1)
    model = Model.fit(data, seed=1, **FIXED)
    items, _ = model.recommend(data.take(np.array([-1, 0])), 99)
    assert items.shape == (2, data.n_items)
    assert (items[0] == -1).all()
    assert not set(items[1][items[1] >= 0]) & set(data.rows(0, 1).items)


def test_similar_items_are_partial_correlations() -> None:
    data = random_data(1, times=None)
    rows = binary(data)
    inverse = np.linalg.inv(rows.T @ rows + 5 * np.eye(data.n_items))
    root = np.sqrt(np.diag(inverse))
    expected = -inverse / np.outer(root, root)
    items, similarity = Model.fit(data, seed=1, **STECK).similar_items(4)
    for item in range(data.n_items):
        there = items[item] >= 0
        np.testing.assert_allclose(
            similarity[item][there], expected[item][items[item][there]], atol=1e-5
        )
    assert (items != np.arange(data.n_items)[:, None]).all()
    assert (np.diff(similarity, axis=1) <= 0).all()


def test_options_given_are_kept() -> None:
    assert Model.fit(random_data(1), seed=1, **FIXED).metrics.items() >= FIXED.items()
    use = tuned(random_data(1), {"recency": 0.9, "regularization": None}, seed=1)
    assert use.recency == 0.9
    assert use.regularization in REGULARIZATIONS


def test_without_times_there_is_no_use_of_time() -> None:
    metrics = Model.fit(random_data(1, times=None), seed=1).metrics
    assert metrics["closeness"] == metrics["reverse"] == metrics["recency"] == 1


def test_time_is_put_to_use_where_it_tells() -> None:
    random = np.random.default_rng(0)
    starts = random.integers(0, 20, 600)
    frame = pl.DataFrame(
        {
            "user": np.repeat(np.arange(600), 6),
            "item": (np.repeat(starts, 6) + np.tile(np.arange(6), 600)) % 20,
            "weight": np.ones(3600),
            "time": np.tile(np.arange(6), 600),
        }
    )
    data = interactions(frame, n_users=600, n_items=20)
    model = Model.fit(data, seed=1)
    assert model.metrics["reverse"] < 1
    assert model.metrics["recency"] < 1
    assert (model.recommend(data, 1)[0][:, 0] == (starts + 6) % 20).mean() > 0.9


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("regularization", 0.0, "regularization"),
        ("regularization", "much", "a number"),
        ("recency", 1.5, "from 0.001 to 1"),
        ("closeness", 0, "from 0.001 to 1"),
        ("reverse", -1, "from 0 to 1"),
        ("top", 0, "take 1 or more"),
        ("feedback", "both", "implicit, explicit"),
    ],
)
def test_wrong_options(name: str, value: object, allowed: str) -> None:
    with pytest.raises(OptionError, match=allowed):
        Model.fit(random_data(1), seed=1, **{name: value})


def test_too_many_items() -> None:
    with pytest.raises(DataError, match=r"10\.0 GB, and may take 8\.0 GB; als, item_knn and gfcf"):
        Model.fit(empty(1, 50_000), seed=1)


def test_can_be_stopped() -> None:
    stop()
    try:
        with pytest.raises(Stopped):
            Model.fit(random_data(1), seed=1)
    finally:
        resume()


def test_state_round_trip() -> None:
    data = random_data(1)
    model = Model.fit(data, seed=1, feedback="explicit")
    restored = Model.from_state(*model.state())
    for one, other in zip(model.recommend(data, 9), restored.recommend(data, 9), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(model.similar_items(5)[0], restored.similar_items(5)[0])


HOSTILE = [
    ("offsets", lambda a: a[:-1]),
    ("offsets", lambda a: a[::-1]),
    ("offsets", lambda a: a * 2),
    ("offsets", lambda a: a.astype(np.float64)),
    ("columns", lambda a: a + 1000),
    ("columns", lambda a: -a - 1),
    ("columns", lambda a: a * 0),
    ("columns", lambda a: a[1:]),
    ("values", lambda a: a * np.nan),
    ("values", lambda a: a[:, None]),
    ("values", lambda a: a.astype(np.int64)),
    ("spread", lambda a: a * 0),
    ("spread", lambda a: a[:0]),
    ("spread", lambda a: np.append(a, np.float32(1))),
]


@pytest.mark.parametrize(("name", "change"), HOSTILE)
def test_hostile_arrays(name: str, change: object) -> None:
    arrays, values = Model.fit(random_data(1), seed=1, **FIXED).state()
    with pytest.raises(ModelError):
        Model.from_state(arrays | {name: change(arrays[name])}, values)
    with pytest.raises(ModelError):
        Model.from_state({key: arrays[key] for key in arrays if key != name}, values)


@pytest.mark.parametrize("name", ["recency", "threshold"])
@pytest.mark.parametrize("value", [None, "1", -1.0, float("nan"), float("inf"), True])
def test_hostile_values(name: str, value: object) -> None:
    arrays, values = Model.fit(random_data(1), seed=1, **FIXED).state()
    with pytest.raises(ModelError):
        Model.from_state(arrays, values | {name: value})
