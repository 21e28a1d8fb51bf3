"""What every forecaster must do."""

from __future__ import annotations

import numpy as np
import pytest
from series_data import STRANGE, batch, many

from ecomsql.models import forecasters
from ecomsql.models.forecaster import Forecast

HORIZON = 9
NETWORKS = ("attention", "gru", "lstm")
SMALL = {name: {"steps": 12, "units": 8} for name in NETWORKS} | {"lightgbm": {"rows": 2_000}}
"""Options with which global methods are trained fast."""
CLOSE = {"arima": 1e-5, "sarima": 1e-5} | dict.fromkeys(NETWORKS, 1e-5)
"""How near an answer among others is to that alone, in parts of the series' largest value, where an
optimiser that stops early makes more of rounding."""
SHIFTED = {"naive", "seasonal_naive", "drift", "theta"}
"""Of which a series that is higher by so much has a forecast higher by so much."""


@pytest.fixture(params=forecasters.methods())
def method(request) -> type:
    return forecasters.method(request.param)


def answer(method: type, series: list[np.ndarray], season: int = 4, seed: int = 1) -> Forecast:
    options = SMALL.get(method.method, {})
    return method.forecast(batch(series, season), HORIZON, seed=seed, **options)


def only_local(method: type) -> None:
    if method.is_global:
        pytest.skip("a global method learns from all series together")


class TestContract:
    def test_is_found_by_the_name_of_its_file(self, method):
        assert method.method == method.__module__.rpartition(".")[2]

    @pytest.mark.parametrize("season", [1, 4, 12, 52])
    def test_shapes_and_finite_numbers(self, method, season):
        series = many()
        found = answer(method, series, season)
        n = len(series)
        assert found.mean.shape == found.sd.shape == (n, HORIZON)
        assert np.isfinite(found.mean).all()
        assert np.isfinite(found.sd).all()
        assert (found.sd >= 0).all()
        assert len(found.label) == len(found.status) == n
        assert all(found.label)
        if found.fitted is not None:
            assert found.fitted.shape == (n, 80)
            assert not np.isinf(found.fitted).any()
            short = np.arange(80) < 80 - np.array([len(one) for one in series])[:, None]
            assert np.isnan(found.fitted[short]).all()

    @pytest.mark.parametrize("season", [1, 4, 12, 52])
    @pytest.mark.parametrize("name", STRANGE)
    def test_answers_whatever_comes(self, method, name, season):
        given = STRANGE[name]
        found = answer(method, [given], season)
        assert np.isfinite(found.mean).all()
        assert np.isfinite(found.sd).all()
        assert np.abs(found.mean / (1 + HORIZON)).max() <= np.abs(given).max()

    def test_a_constant_goes_on(self, method):
        found = answer(method, [np.full(40, 12.5), np.zeros(40)], 1)
        np.testing.assert_allclose(found.mean[0], 12.5, rtol=1e-9)
        np.testing.assert_array_equal(found.mean[1], 0.0)
        np.testing.assert_allclose(found.sd, 0.0, atol=1e-6)

    @pytest.mark.parametrize("factor", [1000.0, 1e-6, 2.0**20])
    def test_answers_scale_with_the_series(self, method, factor):
        if factor != 2.0**20:
            only_local(method)
        series = many()
        one, other = answer(method, series), answer(method, [s * factor for s in series])
        np.testing.assert_allclose(other.mean, one.mean * factor, rtol=1e-5, atol=1e-7 * factor)
        np.testing.assert_allclose(other.sd, one.sd * factor, rtol=1e-5, atol=1e-7 * factor)
        assert one.label == other.label

    def test_answers_move_with_the_series(self, method):
        if method.method not in SHIFTED:
            pytest.skip("forecasts of this method depend on where zero is")
        series = [one - one.max() - 1.0 for one in many()]
        one, other = answer(method, series), answer(method, [s - 70.0 for s in series])
        np.testing.assert_allclose(other.mean, one.mean - 70.0, rtol=1e-6, atol=1e-6)

    def test_series_do_not_depend_on_each_other(self, method):
        only_local(method)
        series = [*many(), *STRANGE.values()]
        together = answer(method, series)
        for row, given in enumerate(series):
            alone = answer(method, [given])
            close = {"rtol": 1e-6, "atol": CLOSE.get(method.method, 1e-9) * np.abs(given).max()}
            np.testing.assert_allclose(together.mean[row], alone.mean[0], **close)
            np.testing.assert_allclose(together.sd[row], alone.sd[0], **close)
            assert together.label[row] == alone.label[0]

    def test_seasons_may_differ_within_a_batch(self, method):
        only_local(method)
        series = many()
        mixed = method.forecast(batch(series).take(np.arange(len(series))), HORIZON, seed=1)
        season = np.where(np.arange(len(series)) % 2, 4, 1)
        found = method.forecast(batch(series, season), HORIZON, seed=1)
        np.testing.assert_allclose(found.mean[1::2], mixed.mean[1::2], rtol=1e-6)

    def test_the_order_of_the_series_does_not_matter(self, method):
        series = [*many(), *STRANGE.values()]
        order = np.random.default_rng(5).permutation(len(series))
        one, other = answer(method, series), answer(method, [series[at] for at in order])
        size = np.array([[np.abs(series[at]).max() or 1.0] for at in order])
        close = CLOSE.get(method.method, 1e-9)
        np.testing.assert_allclose(other.mean / size, one.mean[order] / size, atol=close)
        np.testing.assert_allclose(other.sd / size, one.sd[order] / size, atol=close)
        assert other.label == [one.label[at] for at in order]

    def test_same_seed_same_answer(self, method):
        one, two = answer(method, many()), answer(method, many())
        np.testing.assert_array_equal(one.mean, two.mean)
        np.testing.assert_array_equal(one.sd, two.sd)

    def test_many_groups_are_one_answer(self, method, monkeypatch):
        series = many()
        one = answer(method, series)
        monkeypatch.setattr(method, "cells", 200)
        size = np.array([[np.abs(given).max()] for given in series])
        found = answer(method, series).mean / size
        np.testing.assert_allclose(
            found, one.mean / size, rtol=1e-6, atol=CLOSE.get(method.method, 1e-9)
        )

    def test_seasons_that_differ_are_answered(self, method):
        season = np.where(np.arange(len(many())) % 2, 4, 1)
        found = method.forecast(
            batch(many(), season), HORIZON, seed=1, **SMALL.get(method.method, {})
        )
        assert np.isfinite(found.mean).all()

    def test_no_series(self, method):
        found = answer(method, [])
        assert found.mean.shape == (0, HORIZON)

    def test_one_step_forecasts_are_not_absurd(self, method):
        series = [one for one in many() if len(one) >= 30]
        found = answer(method, series)
        if found.fitted is None or not np.isfinite(found.fitted).any():
            pytest.skip("this method has none")
        for row, given in enumerate(series):
            fitted = found.fitted[row, -len(given) :]
            error = np.sqrt(np.nanmean((given - fitted) ** 2))
            assert error < 3.0 * given.std() + 1e-9


@pytest.mark.parametrize("name", ["naive", "drift"])
def test_farther_is_less_sure(name):
    found = answer(forecasters.method(name), many())
    assert (np.diff(found.sd, axis=1) > 0)[found.sd[:, 0] > 1e-9].all()
