"""Tests of ARIMA models: parameters, orders, forecasts."""

from __future__ import annotations

import numpy as np
import pytest
from arima_data import arma, left_aligned
from series_data import batch

from ecomsql.models.arima_chunks import fit_all
from ecomsql.models.arima_forecast import ahead
from ecomsql.models.arima_lanes import Lanes, polynomials
from ecomsql.models.arima_search import admitted, search
from ecomsql.models.forecasters.arima import Model as Arima
from ecomsql.models.forecasters.sarima import Model as Sarima


def fitted(values, orders, season=1, exact=True):
    """Fit a model; return its coefficients, its log-likelihood and what was fitted."""
    data, lengths = left_aligned([values])
    lanes = Lanes(np.array([0]), np.array(orders)[:, None], np.zeros((14, 1)))
    near = fit_all(data, lengths, lanes, season, exact=exact, tolerance=1e-10)
    n = len(values)
    likelihood = -0.5 * (n * np.log(2 * np.pi * near.loss[0] / n) + n)
    return polynomials(near.free, lanes.orders, season), likelihood, near.free


class TestParameters:
    def test_equal_statsmodels(self):
        """SARIMAX (1,0,1), trend="c", of statsmodels 0.15.0; so Arima of statsforecast 2.1.1."""
        values = arma(120, {1: 0.7}, {1: 0.4}, 5) + 10.0
        (ar, ma), likelihood, _ = fitted(values, [1, 1, 0, 0, 1])
        assert likelihood == pytest.approx(-168.712962, abs=2e-5)
        assert (ar[0, 0], ma[0, 0]) == pytest.approx((0.732811, 0.443526), abs=2e-3)

    def test_with_a_season_equal_statsmodels(self):
        """SARIMAX (0,1,1)(0,0,1)[12] of statsmodels 0.15.0, simple_differencing."""
        values = np.diff(np.cumsum(arma(120, {}, {1: -0.5, 12: -0.5, 13: 0.25}, 7)))
        (_, ma), likelihood, _ = fitted(values, [0, 1, 0, 1, 0], 12)
        assert likelihood == pytest.approx(-168.291974, abs=2e-5)
        assert (ma[0, 0], ma[11, 0]) == pytest.approx((-0.40648, -0.54141), abs=2e-3)

    @pytest.mark.parametrize("exact", [True, False])
    def test_of_simulated_processes_are_found(self, exact):
        values = arma(5000, {1: 0.6, 2: -0.3, 4: 0.5, 5: -0.3, 6: 0.15}, {1: 0.4}, 11)
        (ar, ma), _, _ = fitted(values, [2, 1, 1, 0, 0], 4, exact=exact)
        assert ar[[0, 1, 3], 0] == pytest.approx([0.6, -0.3, 0.5], abs=0.06)
        assert ma[0, 0] == pytest.approx(0.4, abs=0.06)

    def test_over_differenced_series_are_fitted(self):
        (_, ma), likelihood, free = fitted(np.diff(arma(100, {}, {}, 1)), [0, 1, 0, 0, 0])
        assert np.isfinite(likelihood)
        assert ma[0, 0] < -0.9
        assert not admitted(free, np.array([[0], [1], [0], [0], [0]]), 1)[0]


class TestOrders:
    @pytest.mark.parametrize(
        ("ar", "ma", "least"), [({1: 0.6, 2: 0.3}, {}, 2), ({}, {1: 0.9, 2: 0.6}, 1)]
    )
    def test_of_long_series_are_near_the_truth(self, ar, ma, least):
        data, lengths = left_aligned([arma(1500, ar, ma, seed) for seed in range(4)])
        most = np.array([[5], [5], [0], [0]]).repeat(4, axis=1)
        found = search(data, lengths, 1, most, np.ones(4, dtype=bool), exact=False)
        assert (found.orders[:2].sum(axis=0) >= least).all()
        assert (found.orders[:2].sum(axis=0) <= 6).all()

    def test_no_better_neighbour_is_left(self):
        data, lengths = left_aligned([arma(100, {1: 0.5}, {1: 0.5}, seed) for seed in range(3)])
        most = np.array([[5], [5], [0], [0]]).repeat(3, axis=1)
        constants = np.zeros(3, dtype=bool)
        found = search(data, lengths, 1, most, constants, exact=True)
        limit = np.concatenate([found.orders[:4], found.orders[4:]])[:4]
        again = search(data, lengths, 1, np.maximum(limit, 0), constants, exact=True)
        assert (again.criterion >= found.criterion - 0.05).all()


class TestForecasts:
    def test_of_a_first_order_process_are_the_formula(self):
        values = arma(120, {1: 0.7}, {}, 2)
        data, lengths = left_aligned([values])
        orders = np.array([[1], [0], [0], [0], [0]])
        free = np.zeros((14, 1))
        free[0] = 0.7 / np.sqrt(1 - 0.49)
        found = ahead(data, lengths, Lanes(np.array([0]), orders, free), 1, 5)
        steps = np.arange(1, 6)
        np.testing.assert_allclose(found.mean[0], values[-1] * 0.7**steps)
        np.testing.assert_allclose(found.weights[0], 0.7 ** (steps - 1.0))

    def test_of_walks_spread_with_the_root_of_time(self):
        walks = [np.random.default_rng(seed).normal(size=100).cumsum() for seed in range(40)]
        found = Arima.forecast(batch(walks, 1), 4, seed=0)
        plain = [row for row, label in enumerate(found.label) if label == "arima(0,1,0)"]
        assert len(plain) > 20
        np.testing.assert_allclose(found.sd[plain, 3], 2.0 * found.sd[plain, 0])

    def test_cover_what_comes(self):
        series = [50.0 + arma(140, {1: 0.6}, {1: 0.3}, seed) for seed in range(60)]
        found = Arima.forecast(batch([one[:130] for one in series], 1), 10, seed=0)
        truth = np.array([one[130:] for one in series])
        assert 0.85 < (np.abs(truth - found.mean) < 1.645 * found.sd).mean() < 0.95

    def test_of_a_line_go_on(self):
        found = Arima.forecast(batch([np.arange(1.0, 41.0) * 3.0], 1), 5, seed=0)
        np.testing.assert_allclose(found.mean[0], 3.0 * np.arange(41, 46))

    def test_of_a_season_repeat_it(self):
        t = np.arange(96)
        values = 10.0 * np.sin(t * np.pi / 6) + 0.1 * np.random.default_rng(0).normal(size=96)
        found = Sarima.forecast(batch([values], 12), 12, seed=0)
        np.testing.assert_allclose(
            found.mean[0], 10.0 * np.sin(np.arange(96, 108) * np.pi / 6), atol=0.5
        )
        assert found.label[0].endswith("[12]")

    def test_without_a_season_both_methods_are_the_same(self):
        series = [arma(60, {1: 0.5}, {}, seed) for seed in range(5)]
        one, two = (model.forecast(batch(series, 1), 6, seed=0) for model in (Arima, Sarima))
        np.testing.assert_array_equal(one.mean, two.mean)
        assert one.label == two.label

    def test_that_run_away_are_a_random_walk(self):
        found = Arima.forecast(batch([np.exp(np.arange(40.0))], 1), 9, seed=0)
        assert found.label == ["arima(0,1,0)"]
        assert found.status == ["other models run away"]

    def test_long_series_do_not_depend_on_the_others(self):
        series = [arma(n, {1: 0.5}, {1: 0.3}, n).cumsum() for n in (160, 200, 301, 140)]
        together = Sarima.forecast(batch(series, 4), 6, seed=0)
        for row, one in enumerate(series):
            alone = Sarima.forecast(batch([one], 4), 6, seed=0)
            assert alone.label == [together.label[row]]
            np.testing.assert_allclose(alone.mean[0], together.mean[row], rtol=1e-6)
