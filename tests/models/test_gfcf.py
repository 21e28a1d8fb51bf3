"""GF-CF: its formula on dense matrices, known answers, edges, and hostile states."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from linear_data import binary, halves, random_data, random_events

from ecomsql.errors import ModelError, OptionError, Stopped
from ecomsql.features.interactions import interactions
from ecomsql.models.recommenders.gfcf import Model
from ecomsql.progress import resume, stop

FIXED = {"factors": 8, "alpha": 0.3, "recency": 0.5}


def dense_filter(rows: np.ndarray, factors: int, alpha: float) -> np.ndarray:
    users = np.maximum(rows.sum(axis=1), 1)
    items = np.maximum(rows.sum(axis=0), 1)
    normal = rows / np.sqrt(np.outer(users, items))
    right = np.linalg.svd(normal)[2][:factors]
    low = right.T @ right * np.sqrt(items) / np.sqrt(items)[:, None]
    return normal.T @ normal + alpha * low


def test_equals_the_formula() -> None:
    data = random_data(1)
    rows = binary(data)
    # All factors: the span of fewer is only as exact as the iterations make it.
    model = Model.fit(data, seed=1, factors=30, alpha=0.3, recency=1.0)
    expected = rows @ dense_filter(rows, 30, 0.3)
    np.testing.assert_allclose(model.scores(data).numpy(), expected, rtol=1e-4, atol=1e-5)


def test_equals_the_formula_with_few_factors() -> None:
    data = random_data(1)
    rows = binary(data)
    model = Model.fit(data, seed=1, factors=3, alpha=0.3, recency=1.0)
    expected = rows @ dense_filter(rows, 3, 0.3)
    np.testing.assert_allclose(model.scores(data).numpy(), expected, rtol=1e-2, atol=1e-3)


def test_scores_weigh_the_history_by_recency() -> None:
    data = random_data(1)
    model = Model.fit(data, seed=1, factors=30, alpha=0.3, recency=0.5)
    weighted = data.matrix(np.float32(0.5) ** data.steps).toarray()
    expected = weighted @ dense_filter(binary(data), 30, 0.3)
    np.testing.assert_allclose(model.scores(data).numpy(), expected, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("alpha", [None, 0.0, 1.0])
def test_the_own_half_of_the_items_comes_first(alpha: float | None) -> None:
    data = halves()
    items, _ = Model.fit(data, seed=1, alpha=alpha, factors=2).recommend(data, 10)
    left = 10 - data.lengths
    for user in range(data.n_users):
        assert (items[user, : left[user]] % 2 == user % 2).all()


def test_neighbours_are_the_largest() -> None:
    data = random_data(1)
    normal = dense_filter(binary(data), 0, 0)
    np.fill_diagonal(normal, 0)
    model = Model.fit(data, seed=1, top=4, **FIXED)
    for full, row in zip(normal, model.filters.neighbours.toarray(), strict=True):
        np.testing.assert_allclose(np.sort(row)[-4:], np.sort(full)[-4:], rtol=1e-4)


def test_seen_items_can_come_back() -> None:
    data = random_data(1)
    model = Model.fit(data, seed=1, **FIXED)
    seen = model.recommend(data, 30, exclude_seen=False)[0]
    assert (np.sort(seen[data.lengths > 0], axis=1) == np.arange(30)).all()


def test_similar_items_are_cosines() -> None:
    data = random_data(1)
    rows = binary(data)
    normal = rows / np.sqrt(np.outer(np.maximum(rows.sum(1), 1), np.maximum(rows.sum(0), 1)))
    right = np.linalg.svd(normal)[2]
    inner = normal.T @ normal + 0.3 * right.T @ right
    root = np.sqrt(np.diag(inner))
    expected = inner / np.outer(root, root)
    items, cosines = Model.fit(data, seed=1, factors=30, alpha=0.3).similar_items(5)
    for item in range(data.n_items):
        there = items[item] >= 0
        np.testing.assert_allclose(cosines[item][there], expected[item][items[item][there]], 1e-3)
    assert (items != np.arange(30)[:, None]).all()


def test_ratings_below_four_fifths_do_not_count() -> None:
    kept = random_events(1).group_by("user", "item").agg(pl.col("weight", "time").max())
    liked = kept.filter(pl.col("weight") >= 4)
    rated, alone = (interactions(one, n_users=60, n_items=30) for one in (kept, liked))
    model = Model.fit(rated, seed=1, feedback="explicit", **FIXED)
    same = Model.fit(alone, seed=1, **FIXED)
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
    data = interactions(random_events(1).clear(), n_users=shape[0], n_items=shape[1])
    model = Model.fit(data, seed=1)
    items, _ = model.recommend(data, 5)
    assert items.shape == (shape[0], min(5, shape[1]))
    assert (items == -1).all()
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


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("factors", 0, "take 1 or more"),
        ("alpha", -1, "alpha"),
        ("recency", 0, "from 0.001 to 1"),
        ("top", 1.5, "whole number"),
        ("feedback", "both", "implicit, explicit"),
    ],
)
def test_wrong_options(name: str, value: object, allowed: str) -> None:
    with pytest.raises(OptionError, match=allowed):
        Model.fit(random_data(1), seed=1, **{name: value})


def test_can_be_stopped() -> None:
    stop()
    try:
        with pytest.raises(Stopped):
            Model.fit(random_data(1), seed=1)
    finally:
        resume()


def test_state_round_trip() -> None:
    data = random_data(1)
    model = Model.fit(data, seed=1)
    restored = Model.from_state(*model.state())
    for one, other in zip(model.recommend(data, 9), restored.recommend(data, 9), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(model.similar_items(5)[0], restored.similar_items(5)[0])


HOSTILE = [
    ("offsets", lambda a: a * 2),
    ("columns", lambda a: a + 1000),
    ("values", lambda a: a * np.inf),
    ("itself", lambda a: -a),
    ("itself", lambda a: a[1:]),
    ("degrees", lambda a: a * np.nan),
    ("degrees", lambda a: a.astype(np.int64)),
    ("vectors", lambda a: a[1:]),
    ("vectors", lambda a: a[:, 0]),
    ("vectors", lambda a: a.astype(np.float64)),
    ("vectors", lambda a: a * np.nan),
]


@pytest.mark.parametrize(("name", "change"), HOSTILE)
def test_hostile_arrays(name: str, change: object) -> None:
    arrays, values = Model.fit(random_data(1), seed=1, **FIXED).state()
    with pytest.raises(ModelError):
        Model.from_state(arrays | {name: change(arrays[name])}, values)
    with pytest.raises(ModelError):
        Model.from_state({key: arrays[key] for key in arrays if key != name}, values)


@pytest.mark.parametrize("name", ["alpha", "recency", "threshold"])
@pytest.mark.parametrize("value", [None, "1", -1.0, float("nan"), float("inf")])
def test_hostile_values(name: str, value: object) -> None:
    arrays, values = Model.fit(random_data(1), seed=1, **FIXED).state()
    with pytest.raises(ModelError):
        Model.from_state(arrays, values | {name: value})
