"""What every recommender must do: a new method is covered by being there."""

from __future__ import annotations

import contextlib

import numpy as np
import polars as pl
import pytest
from knn_data import checkerboard, from_dense

from ecomsql.errors import EcomsqlError, ModelError
from ecomsql.features.interactions import Interactions, interactions
from ecomsql.models import recommenders
from ecomsql.models.recommender import Recommender
from ecomsql.options import keywords
from ecomsql.storage import StoredModel, from_blob, to_blob

METHODS = recommenders.methods()
SIZE = 12
WILD_FLOATS = np.array([0, 1, -1, 1e30, -1e30])


def wild_integers(kind: np.dtype) -> np.ndarray:
    return np.array([np.iinfo(kind).max, np.iinfo(kind).min, 0, 1, SIZE], dtype=kind)


def fit(method: str, data: Interactions, **options) -> Recommender:
    return recommenders.method(method).fit(data, seed=7, **options)


def is_personal(method: str) -> bool:
    return recommenders.method(method).is_personal


def board() -> Interactions:
    return from_dense(checkerboard(SIZE))


def timed_events(n: int = 300) -> pl.DataFrame:
    random = np.random.default_rng(1)
    return pl.DataFrame(
        {
            "user": random.integers(0, 30, n).astype(np.int32),
            "item": random.zipf(1.7, n).clip(1, 20).astype(np.int32) - 1,
            "weight": random.integers(1, 6, n).astype(np.float64),
            "time": random.integers(0, 50, n).astype(np.float64),
        }
    )


def built(frame: pl.DataFrame) -> Interactions:
    return interactions(frame, n_users=30, n_items=20)


def same_lists(one, other, *, rtol=0.0):
    np.testing.assert_array_equal(one[0], other[0])
    np.testing.assert_allclose(one[1], other[1], rtol=rtol)


def check_lists(items, scores, history: Interactions, k: int, *, exclude_seen: bool = True):
    assert items.dtype == np.int32
    assert scores.dtype == np.float32
    assert items.shape == scores.shape == (history.n_users, min(k, history.n_items))
    assert np.isfinite(scores).all()
    assert not scores[items < 0].any()
    seen = history.matrix().toarray() > 0
    for user, row in enumerate(items):
        given = row[row >= 0]
        assert row[: len(given)].tolist() == given.tolist()
        assert len(set(given.tolist())) == len(given)
        assert not exclude_seen or not seen[user, given].any()
        assert (np.diff(scores[user, : len(given)]) <= 0).all()


@pytest.fixture(params=METHODS)
def method(request) -> str:
    return request.param


def test_there_are_methods():
    assert "popular" in METHODS
    assert len(set(METHODS)) == len(METHODS)


class TestRecommender:
    def test_says_what_it_is(self, method):
        chosen = recommenders.method(method)
        assert chosen.method == method
        assert chosen.fit.__doc__
        assert "seed" in keywords(chosen.fit)
        model = fit(method, board())
        assert model.n_items == SIZE
        assert isinstance(model.metrics, dict)
        assert model.nbytes > 0

    def test_finds_the_missing_square_of_the_board(self, method):
        data = board()
        items, scores = fit(method, data).recommend(data, 1)
        check_lists(items, scores, data, 1)
        if is_personal(method):
            assert items[:, 0].tolist() == list(range(SIZE))

    def test_same_seed_same_answer(self, method):
        data = built(timed_events())
        one, other = (fit(method, data).recommend(data, 5) for _ in range(2))
        same_lists(one, other)
        check_lists(*one, data, 5)

    def test_order_of_the_rows_does_not_matter(self, method):
        frame = timed_events()
        turned = frame.sample(fraction=1, shuffle=True, seed=3)
        one, other = (
            fit(method, built(each)).recommend(built(each), 5) for each in (frame, turned)
        )
        same_lists(one, other)

    def test_answers_do_not_depend_on_who_else_asks(self, method):
        data = built(timed_events())
        model = fit(method, data)
        items, scores = model.recommend(data, 5)
        some = np.array([17, 3, 3, 29])
        few = model.recommend(data.take(some), 5)
        same_lists((items[some], scores[some]), few, rtol=1e-4)

    def test_users_it_has_never_seen(self, method):
        data = board()
        model = fit(method, data)
        half = np.zeros((3, SIZE))
        half[0, [0, 2, 4]] = 1
        half[1, [1, 3, 5]] = 1
        history = from_dense(half)
        items, scores = model.recommend(history, 3)
        check_lists(items, scores, history, 3)
        if is_personal(method):
            assert (items[0] % 2 == 0).all()
            assert (items[1] % 2 == 1).all()

    def test_empty_history_and_nobody(self, method):
        data = board()
        model = fit(method, data)
        strangers = data.take(np.array([-1, -1]))
        check_lists(*model.recommend(strangers, 3), strangers, 3)
        nobody = data.take(np.zeros(0, np.int64))
        check_lists(*model.recommend(nobody, 3), nobody, 3)

    def test_all_of_the_catalogue(self, method):
        data = built(timed_events())
        model = fit(method, data)
        for k in (20, 21, 10_000):
            check_lists(*model.recommend(data, k), data, k)

    def test_seen_items_come_back_when_they_may(self, method):
        data = board()
        items, scores = fit(method, data).recommend(data, SIZE, exclude_seen=False)
        check_lists(items, scores, data, SIZE, exclude_seen=False)
        if is_personal(method):
            group = np.arange(SIZE) % 2
            assert (items[:, : SIZE // 2] % 2 == group[:, None]).all()

    @pytest.mark.parametrize("shape", [(1, 1), (1, 4), (4, 1), (2, 2)])
    def test_little_data(self, method, shape):
        data = from_dense(np.ones(shape))
        model = fit(method, data)
        for exclude_seen in (True, False):
            found = model.recommend(data, 3, exclude_seen=exclude_seen)
            check_lists(*found, data, 3, exclude_seen=exclude_seen)

    def test_one_pair_in_a_large_table(self, method):
        lonely = np.zeros((5, 6))
        lonely[2, 3] = 2.5
        data = from_dense(lonely)
        check_lists(*fit(method, data).recommend(data, 3), data, 3)

    @pytest.mark.parametrize("weight", [1e-15, 1e15])
    def test_weights_of_any_size(self, method, weight):
        data = from_dense(checkerboard(SIZE) * weight)
        check_lists(*fit(method, data).recommend(data, 3), data, 3)

    def test_ratings(self, method):
        frame = timed_events()
        data = built(frame)
        takes = "feedback" in keywords(recommenders.method(method).fit)
        model = fit(method, data, **({"feedback": "explicit"} if takes else {}))
        check_lists(*model.recommend(data, 5), data, 5)

    def test_refuses_options_that_are_wrong(self, method):
        for name in set(keywords(recommenders.method(method).fit)) - {"seed"}:
            for wrong in ("wrong", -1, True, [], float("nan")):
                with pytest.raises(EcomsqlError, match=name):
                    fit(method, board(), **{name: wrong})

    def test_does_not_change_what_it_is_given(self, method):
        data = built(timed_events())
        before = [array.copy() for array in (data.offsets, data.items, data.weights, data.steps)]
        fit(method, data).recommend(data, 5)
        after = (data.offsets, data.items, data.weights, data.steps)
        for one, other in zip(before, after, strict=True):
            np.testing.assert_array_equal(one, other)

    def test_similar_items_and_users(self, method):
        data = board()
        model = fit(method, data)
        for find in (lambda k: model.similar_items(k), lambda k: model.similar_users(data, k)):
            try:
                near, similarity = find(2)
            except NotImplementedError:
                continue
            assert near.shape == similarity.shape == (SIZE, 2)
            own = np.arange(SIZE)[:, None]
            assert (near >= 0).all()
            assert (near % 2 == own % 2).all()
            assert (near != own).all()
            assert (near[:, 0] != near[:, 1]).all()
            assert (np.diff(similarity, axis=1) <= 0).all()
            many, _ = find(1000)
            assert many.shape[0] == SIZE
            assert (many != own).all()

    def test_similar_users_of_one(self, method):
        data = from_dense(np.ones((1, 3)))
        model = fit(method, data)
        try:
            near, _ = model.similar_users(data, 1)
        except NotImplementedError:
            return
        assert (near < 0).all()


class TestState:
    def stored(self, method: str, data: Interactions | None = None) -> tuple[Recommender, bytes]:
        model = fit(method, data or built(timed_events()))
        return model, to_blob(StoredModel("recommend", method, *model.state()))

    def restored(self, method: str, blob: bytes) -> Recommender:
        stored = from_blob(blob, tasks=("recommend",))
        return recommenders.method(method).from_state(stored.arrays, stored.values)

    def test_comes_back_as_it_went(self, method):
        data = built(timed_events())
        model, blob = self.stored(method)
        again = self.restored(method, blob)
        same_lists(model.recommend(data, 5), again.recommend(data, 5))
        assert again.n_items == model.n_items
        assert again.nbytes == model.nbytes
        assert to_blob(StoredModel("recommend", method, *again.state())) == blob

    def test_of_ratings_comes_back_too(self, method):
        if "feedback" not in keywords(recommenders.method(method).fit):
            pytest.skip("knows no ratings")
        data = built(timed_events())
        model = fit(method, data, feedback="explicit")
        blob = to_blob(StoredModel("recommend", method, *model.state()))
        again = self.restored(method, blob)
        same_lists(model.recommend(data, 5), again.recommend(data, 5))

    def test_without_an_array_or_a_value(self, method):
        arrays, values = fit(method, board()).state()
        chosen = recommenders.method(method)
        for name in arrays:
            with pytest.raises(ModelError):
                chosen.from_state({k: v for k, v in arrays.items() if k != name}, values)
        for name in values:
            with pytest.raises(ModelError):
                chosen.from_state(arrays, {k: v for k, v in values.items() if k != name})

    def test_arrays_of_another_kind(self, method):
        arrays, values = fit(method, board()).state()
        for name, array in arrays.items():
            wrong = [array.astype(np.float16), array.reshape(-1, 1, 1)]
            wrong += [np.zeros((3, 3, 3), array.dtype), np.array([b"x"])]
            if array.dtype.kind == "f":
                wrong.append(np.full_like(array, np.nan))
            for other in wrong:
                with pytest.raises(ModelError):
                    recommenders.method(method).from_state(arrays | {name: other}, values)

    def test_values_of_another_kind(self, method):
        arrays, values = fit(method, board()).state()
        for name in values:
            for other in (None, [], {}, "\0"):
                if values[name] != other:
                    with pytest.raises(ModelError):
                        recommenders.method(method).from_state(arrays, values | {name: other})
            for other in (-1, 0, 1e300, float("nan"), True):
                self.answers_or_fails(method, arrays, values | {name: other})

    def test_hostile_arrays_never_do_more_than_fail(self, method):
        """Arrays of the right form with any numbers: a ModelError, or a model that answers."""
        arrays, values = fit(method, board()).state()
        random = np.random.default_rng(0)
        for _ in range(40):
            name = random.choice(sorted(arrays))
            hostile = np.array(arrays[name])
            if hostile.size == 0:
                continue
            wild = WILD_FLOATS if hostile.dtype.kind == "f" else wild_integers(hostile.dtype)
            hostile.flat[random.integers(hostile.size)] = random.choice(wild)
            self.answers_or_fails(method, arrays | {name: hostile}, values)

    def answers_or_fails(self, method: str, arrays, values) -> None:
        data = board()
        with contextlib.suppress(EcomsqlError), np.errstate(all="ignore"):
            model = recommenders.method(method).from_state(arrays, values)
            if model.n_items == data.n_items:
                items, _ = model.recommend(data, 3)
                assert ((items >= -1) & (items < SIZE)).all()
