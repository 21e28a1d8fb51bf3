"""What holds for every model of factors, whatever its loss."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from factor_data import checkerboard, coded, frame, nobody, planted_ratings, random_counts

from ecomsql.errors import ModelError, OptionError
from ecomsql.features.interactions import interactions
from ecomsql.models.recommenders import als, nmf

MODELS = [als.Model, nmf.Model]
SMALL = {"factors": 8, "iterations": 6}

pytestmark = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.method)


def fitted(model, data, **options):
    return model.fit(data, seed=1, **{**SMALL, **options})


def test_the_missing_item_of_the_own_half_comes_first(model):
    data = checkerboard()
    items, scores = fitted(model, data).recommend(data, 3)
    assert (items[:, 0] == np.arange(40)).all()
    assert (scores[:, 0] > 2 * scores[:, 1]).all()


def test_seen_items_come_back_when_asked_for(model):
    data = checkerboard()
    items, _ = fitted(model, data).recommend(data, 19, exclude_seen=False)
    assert (items % 2 == np.arange(40)[:, None] % 2).all()


def test_recommend_ranks_by_scores(model):
    data = random_counts(60, 45, seed=2, timed=True)
    made = fitted(model, data)
    items, values = made.recommend(data, 5, exclude_seen=False)
    scores = made.scores(data)
    np.testing.assert_allclose(values, scores.topk(5).values.numpy(), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(
        values, scores.gather(1, torch.from_numpy(items).long()).numpy(), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("feedback", ["implicit", "explicit"])
def test_row_order_changes_nothing_and_the_seed_does(model, feedback):
    rows = frame(50, 30, 5, True)
    mixed = rows.sample(fraction=1.0, shuffle=True, seed=3)
    one, two = (interactions(f, n_users=50, n_items=30) for f in (rows, mixed))
    first, second = (fitted(model, data, feedback=feedback) for data in (one, two))
    assert torch.equal(first.item_factors, second.item_factors)
    np.testing.assert_array_equal(first.recommend(one, 4)[0], second.recommend(two, 4)[0])
    other = model.fit(one, seed=2, feedback=feedback, factors=40, iterations=6)
    same = model.fit(one, seed=1, feedback=feedback, factors=40, iterations=6)
    assert not torch.equal(other.item_factors, same.item_factors)


def test_threads_change_nothing(model):
    data = random_counts(80, 60, seed=6)
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        one = fitted(model, data).recommend(data, 5)
        torch.set_num_threads(2)
        two = fitted(model, data).recommend(data, 5)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
    np.testing.assert_array_equal(one[0], two[0])


@pytest.mark.parametrize("feedback", ["implicit", "explicit"])
@pytest.mark.parametrize(("n_users", "n_items"), [(1, 7), (6, 1), (1, 1), (5, 4)])
def test_tiny_data_and_more_factors_than_items(model, feedback, n_users, n_items):
    taken = np.arange(n_users)
    data = coded(taken, taken % n_items, np.ones(n_users), n_users, n_items)
    made = model.fit(data, seed=0, factors=16, iterations=3, feedback=feedback)
    items, scores = made.recommend(data, 50)
    assert items.shape == (n_users, n_items)
    assert np.isfinite(scores).all()
    assert ((items == -1).sum(1) == 1).all()
    assert made.similar_items(50)[0].shape == (n_items, n_items - 1)


@pytest.mark.parametrize("feedback", ["implicit", "explicit"])
def test_no_data_at_all(model, feedback):
    made = model.fit(nobody(0, 3), seed=0, feedback=feedback, **SMALL)
    items, scores = made.recommend(nobody(2, 3), 2)
    assert items.shape == (2, 2)
    assert np.isfinite(scores).all()
    assert (made.similar_users(nobody(2, 3), 1)[0] == -1).all()


def test_a_user_without_history_gets_the_items_liked_by_most(model):
    users = np.concatenate([np.arange(20), np.arange(6)])
    items = np.concatenate([np.zeros(20), np.ones(6)])
    data = coded(users, items, np.ones(26), 20, 3)
    best, _ = fitted(model, data).recommend(nobody(1, 3), 2)
    assert best.tolist() == [[0, 1]]


def test_new_users_need_no_training_data(model):
    data = checkerboard()
    made = fitted(model, data)
    newcomer = coded(np.zeros(3), np.array([1, 3, 5]), np.ones(3), 1, 40)
    items, _ = made.recommend(newcomer, 10)
    assert (items % 2 == 1).all()


def test_similar_items_and_users_are_of_the_own_half(model):
    data = checkerboard()
    made = fitted(model, data)
    for codes, cosines in (made.similar_items(5), made.similar_users(data, 5)):
        assert codes.shape == (40, 5)
        assert (codes % 2 == np.arange(40)[:, None] % 2).all()
        assert (codes != np.arange(40)[:, None]).all()
        assert (np.diff(cosines, axis=1) <= 0).all()
        assert cosines.max() <= 1.0


def test_old_items_count_less(model):
    rows = frame(60, 40, 9, True)
    data = interactions(rows, n_users=60, n_items=40)
    made = fitted(model, data, recency=1.0)
    plain = made.scores(data)
    made.recency = 0.3
    assert not torch.allclose(plain, made.scores(data))
    untimed = interactions(rows.drop("time"), n_users=60, n_items=40)
    torch.testing.assert_close(made.scores(untimed), plain, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("feedback", ["implicit", "explicit"])
def test_state_goes_round(model, feedback):
    data = random_counts(40, 25, seed=4)
    made = fitted(model, data, feedback=feedback)
    arrays, values = made.state()
    frozen = {name: array.copy() for name, array in arrays.items()}
    for array in frozen.values():
        array.setflags(write=False)
    again = model.from_state(frozen, json.loads(json.dumps(values)))
    for mine, theirs in zip(made.recommend(data, 6), again.recommend(data, 6), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert made.nbytes > 0


def _without(arrays, values):
    del arrays["item_factors"]


def _flat(arrays, values):
    arrays["item_factors"] = arrays["item_factors"].ravel()


def _doubles(arrays, values):
    arrays["item_factors"] = arrays["item_factors"].astype(np.float64)


def _endless(arrays, values):
    arrays["item_factors"][0, 0] = np.inf


def _empty(arrays, values):
    arrays["item_factors"] = arrays["item_factors"][:0]


def _short(arrays, values):
    arrays["average"] = arrays["average"][:-1]


def _valueless(arrays, values):
    values.clear()


def _beyond(arrays, values):
    values["recency"] = 2.0


def _text(arrays, values):
    values["regularization"] = "1"


@pytest.mark.parametrize(
    "harm", [_without, _flat, _doubles, _endless, _empty, _short, _valueless, _beyond, _text]
)
def test_hostile_state_is_refused(model, harm):
    arrays, values = fitted(model, random_counts(20, 10, seed=4)).state()
    arrays = {name: array.copy() for name, array in arrays.items()}
    harm(arrays, values)
    with pytest.raises(ModelError):
        model.from_state(arrays, values)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"factors": 0}, "factors"),
        ({"factors": 2.5}, "factors"),
        ({"iterations": 0}, "iterations"),
        ({"regularization": -1.0}, "regularization"),
        ({"recency": 0.0}, "recency"),
        ({"recency": 1.5}, "recency"),
        ({"feedback": "explict"}, "did you mean 'explicit'"),
    ],
)
def test_options_out_of_range(model, options, says):
    with pytest.raises(OptionError, match=says):
        model.fit(checkerboard(), seed=0, **options)


def test_ratings_are_predicted_better_than_by_their_mean(model):
    data, held = planted_ratings(150, 80, seed=8)
    made = model.fit(data, seed=3, factors=4, iterations=40, feedback="explicit")
    scores = made.scores(data).numpy()
    errors = scores[held.users, held.items] - held.weights
    spread = held.weights.std()
    assert np.sqrt(np.mean(errors**2)) < 0.6 * spread


@pytest.mark.parametrize("feedback", ["implicit", "explicit"])
def test_the_loss_falls(model, feedback):
    data = random_counts(60, 50, seed=7)
    metrics = fitted(model, data, feedback=feedback).metrics
    assert metrics["iterations"] == 6
    assert metrics["loss"][1] < metrics["loss"][0]
