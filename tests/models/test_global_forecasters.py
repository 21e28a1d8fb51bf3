"""What forecasters learn from all series together."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest
import torch
from global_data import FAST, GLOBAL, GOOD, NETWORKS, alike, promoted, trained, walks

from ecomsql import progress
from ecomsql.errors import OptionError, Stopped
from ecomsql.models import forecasters
from ecomsql.models.known_ahead import Known
from ecomsql.models.series_batch import SeriesBatch

every_method = pytest.mark.parametrize("method", GLOBAL)


def missed(told: np.ndarray, came: np.ndarray) -> float:
    return float((np.abs(told - came) / np.abs(came).mean(axis=1, keepdims=True)).mean())


@every_method
def test_a_season_is_learned_from_others(method):
    series = alike(80, seasons=2.5)
    horizon = 6
    came = np.stack([one[-horizon:] for one in series])
    batch = SeriesBatch.of([one[:-horizon] for one in series], 8)
    found = forecasters.method(method).forecast(batch, horizon, seed=1, **GOOD[method])
    naive = forecasters.method("naive").forecast(batch, horizon, seed=1)
    assert missed(found.mean, came) < 0.6 * missed(naive.mean, came)


def test_what_is_known_ahead_is_used():
    values, known = promoted()
    length = known.past.shape[1]
    batch, came = SeriesBatch.of(list(values[:, :length])), values[:, length:]
    method = forecasters.method("lightgbm")
    blind = method.forecast(batch, came.shape[1], seed=1, **GOOD["lightgbm"]).mean
    told = method.forecast(batch, came.shape[1], seed=1, known=known, **GOOD["lightgbm"]).mean
    assert missed(told, came) < 0.4 * missed(blind, came)


def test_what_is_known_may_be_missing_or_longer_than_the_training():
    values, known = promoted(horizon=20)
    batch = SeriesBatch.of([one[-n:] for one, n in zip(values[:, :60], range(3, 43), strict=True)])
    past = np.where(np.random.default_rng(0).random(known.past.shape) < 0.3, np.nan, known.past)
    short = batch.values.shape[1]
    some = Known(past[:, -short:], known.ahead)
    model = trained("lightgbm", batch, 6, known=Known(some.past, some.ahead[:, :6]))
    assert np.isfinite(model.predict(batch, 20, known=some).mean).all()
    assert np.isfinite(model.predict(batch, 20).mean).all()


@every_method
def test_same_seed_same_model(method):
    batch = SeriesBatch.of(walks(), 4)
    before = torch.get_rng_state()
    one, two = trained(method, batch, 5), trained(method, batch, 5)
    assert one.to_bytes() == two.to_bytes()
    assert one.to_bytes() != trained(method, batch, 5, seed=2).to_bytes()
    assert torch.equal(torch.get_rng_state(), before)


@every_method
def test_the_order_and_the_units_of_series_do_not_matter(method):
    series = walks()
    order = np.random.default_rng(2).permutation(len(series))
    one = trained(method, SeriesBatch.of(series, 4), 5)
    other = trained(method, SeriesBatch.of([series[at] * 2.0**at for at in order], 4), 5)
    assert one.to_bytes() == other.to_bytes()


@every_method
def test_series_that_were_never_seen(method):
    model = trained(method, SeriesBatch.of(walks(), 4), 5)
    new = [*walks(3, 100, seed=1), np.array([3.0]), np.array([3.0, 4.0]), np.full(9, 2.0)]
    found = model.predict(SeriesBatch.of(new, [1, 4, 12, 4, 4, 7]), 13)
    assert found.mean.shape == found.sd.shape == (6, 13)
    assert np.isfinite(found.mean).all()
    assert found.label == [method] * 3 + ["naive"] + [method] * 2
    assert found.status[3] == "too few values"
    np.testing.assert_array_equal(found.mean[3], 3.0)
    np.testing.assert_array_equal(found.mean[5], 2.0)
    # Some of what comes first is the same, however far is looked.
    np.testing.assert_allclose(model.predict(SeriesBatch.of(new), 5).mean[0], found.mean[0, :5])


@every_method
def test_intervals_of_random_walks_hold_what_comes(method):
    random = walks(200, 60)
    batch = SeriesBatch.of([one[:-4] for one in random])
    found = forecasters.method(method).forecast(batch, 4, seed=1, **FAST[method])
    inside = np.abs(found.mean - np.stack([one[-4:] for one in random])) < 1.645 * found.sd
    assert 0.8 < inside.mean() < 0.97
    assert (np.diff(found.sd, axis=1) > 0).all()


@every_method
def test_nothing_to_learn_from(method):
    for series in ([], [np.array([1.0])], [np.zeros(20)], [np.array([1.0, 2.0])]):
        model = trained(method, SeriesBatch.of(series), 3)
        found = model.predict(SeriesBatch.of(walks(2)), 4)
        np.testing.assert_allclose(found.mean, [[one[-1]] * 4 for one in walks(2)])
        assert (found.sd > 0).all()
        assert type(model).from_bytes(model.to_bytes()).horizon == 3


@every_method
def test_training_stops_on_request(method):
    progress.stop()
    try:
        with pytest.raises(Stopped):
            trained(method, SeriesBatch.of(walks()), 3)
    finally:
        progress.resume()


def test_wrong_use():
    batch = SeriesBatch.of(walks(3, 10))
    known = Known(np.zeros((3, 10, 2)), np.zeros((3, 4, 2)))
    model = trained("lightgbm", batch, 4, known=known)
    with pytest.raises(ValueError, match="1 columns are known ahead, 2 were in training"):
        model.predict(batch, 4, known=Known(known.past[..., :1], known.ahead[..., :1]))
    with pytest.raises(ValueError, match="known has the shapes"):
        model.predict(batch, 5, known=known)
    with pytest.raises(OptionError, match="no option 'trees'; it takes: "):
        trained("lightgbm", batch, 4, trees=3)
    with pytest.raises(
        OptionError, match="leaves := 1 is out of range; take a number from 2 to 64"
    ):
        trained("lightgbm", batch, 4, leaves=1)
    for method in NETWORKS:
        with pytest.raises(ValueError, match=f"'{method}' cannot use what is known ahead"):
            trained(method, batch, 4, known=known)


@every_method
def test_training_takes_one_core(method, monkeypatch):
    seen = []
    original = lightgbm.train, torch.autograd.backward

    def train(settings, *rest, **more):
        seen.append(settings["num_threads"])
        return original[0](settings, *rest, **more)

    def backward(loss):
        seen.append(torch.get_num_threads())
        original[1](loss)

    monkeypatch.setattr(lightgbm, "train", train)
    monkeypatch.setattr(torch.autograd, "backward", backward)
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        batch = SeriesBatch.of(alike(20, seasons=2.5), 8)
        forecasters.method(method).forecast(batch, 2, seed=1, **FAST[method])
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
    assert set(seen) == {1}
