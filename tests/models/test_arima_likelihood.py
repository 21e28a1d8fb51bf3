"""Tests of the exact and the conditional likelihood of ARMA models."""

from __future__ import annotations

import numpy as np
import pytest
from arima_data import arma, left_aligned

from ecomsql.models import arima_moving
from ecomsql.models.arima_autocovariances import autocovariances
from ecomsql.models.arima_conditional import conditional_slopes
from ecomsql.models.arima_exact import exact_slopes
from ecomsql.models.arima_lanes import Lanes, polynomials, used
from ecomsql.models.arima_likelihood import innovations
from ecomsql.models.arima_polynomials import product


def log_likelihood(values, ar, ma, variance):
    data, lengths = left_aligned([values])
    seen = innovations(data[:, :1], lengths, np.array([0]), ar, ma, states=True)
    squares = (seen.errors[:, 0, 0] ** 2).sum() / variance
    total = len(values) * np.log(2 * np.pi * variance) + seen.log_variance[0] + squares
    return -0.5 * total, seen.state[0, :, 0]


def seasonal_example():
    ar = product(np.array([[0.5], [0.2]]), np.array([[0.3]]), 12)
    ma = -product(np.array([[-0.4]]), np.array([[0.6]]), 12)
    return arma(90, {1: 0.5}, {12: -0.6}, 3), ar, ma


class TestExact:
    def test_equals_statsmodels(self):
        """SARIMAX (2,0,1)(1,0,1)[12] of statsmodels 0.15.0 at these parameters."""
        found, state = log_likelihood(*seasonal_example(), 1.3)
        assert found == pytest.approx(-137.40700349679332, abs=1e-6)
        assert state[0] == pytest.approx(-0.63927997, abs=1e-7)

    def test_of_differences_equals_statsmodels(self):
        """SARIMAX (1,1,1) of statsmodels 0.15.0 with simple_differencing."""
        values = np.diff(np.cumsum(arma(90, {1: 0.5}, {12: -0.6}, 3)))
        found, _ = log_likelihood(values, np.array([[0.4]]), np.array([[-0.3]]), 0.9)
        assert found == pytest.approx(-133.04914903325337, abs=1e-6)

    def test_is_the_normal_density(self):
        values, ar, ma = seasonal_example()
        covariance = autocovariances(ar, ma, len(values))[:, 0]
        at = np.arange(len(values))
        matrix = 1.3 * covariance[np.abs(at[:, None] - at)]
        _, log_determinant = np.linalg.slogdet(matrix)
        square = values @ np.linalg.solve(matrix, values)
        expected = -0.5 * (len(values) * np.log(2 * np.pi) + log_determinant + square)
        assert log_likelihood(values, ar, ma, 1.3)[0] == pytest.approx(expected, abs=1e-7)

    @pytest.mark.parametrize("few", [0, 1000])
    def test_settled_lanes_go_on_as_before(self, few, monkeypatch):
        monkeypatch.setattr(arima_moving, "FEW", few)
        random = np.random.default_rng(0)
        data, lengths = left_aligned([random.normal(size=n) for n in (700, 900, 650)])
        orders = np.array([[2, 1, 0], [1, 0, 2], [0] * 3, [0] * 3, [1] * 3])
        free = np.where(used(orders), random.normal(size=(14, 3)), 0.0)
        ar, ma = polynomials(free, orders, 1)
        quick = innovations(data, lengths, np.arange(3), ar, ma)
        slow = innovations(data, lengths, np.arange(3), ar, ma, states=True)
        np.testing.assert_allclose(quick.errors, slow.errors, atol=1e-8)
        np.testing.assert_allclose(quick.log_variance, slow.log_variance, atol=1e-7)
        assert (quick.errors[700:, :, 0] == 0.0).all()


def lane(p, q, seasonal_p, seasonal_q, constant, seed=2):
    orders = np.array([[p], [q], [seasonal_p], [seasonal_q], [constant]])
    free = np.where(used(orders), np.random.default_rng(seed).normal(size=(14, 1)) * 0.5, 0.0)
    return Lanes(np.array([0]), orders, free)


class TestConditional:
    @pytest.mark.parametrize("constant", [0, 1])
    def test_is_the_sum_of_squares_by_hand(self, constant):
        values, one = arma(90, {1: 0.5}, {12: -0.6}, 3) + 2.0, lane(2, 2, 1, 2, constant)
        ar, ma = polynomials(one.free, one.orders, 12)
        first = 2 + 12

        def errors_of(series):
            errors = np.zeros(len(series))
            for t in range(first, len(series)):
                errors[t] = series[t] - sum(
                    ar[i, 0] * series[t - 1 - i] for i in range(len(ar)) if i < t
                )
                errors[t] -= sum(ma[i, 0] * errors[t - 1 - i] for i in range(len(ma)) if i < t)
            return errors[first:]

        errors = errors_of(values)
        if constant:
            ones = errors_of(np.ones(len(values)))
            errors -= ones * (errors @ ones) / (ones @ ones)
        found = conditional_slopes(*left_aligned([values]), one, 12)
        assert found.loss[0] == pytest.approx((errors @ errors) * 90 / 76)

    @pytest.mark.parametrize("constant", [0, 1])
    def test_slopes_are_those_of_the_loss(self, constant):
        values = arma(2000, {1: 0.5}, {4: -0.6}, 3) + 2.0
        check_slopes(conditional_slopes, values, lane(2, 2, 1, 1, constant), within=2e-2)


class TestSlopes:
    @pytest.mark.parametrize("constant", [0, 1])
    def test_of_the_exact_likelihood(self, constant):
        values = arma(90, {1: 0.5}, {4: -0.6}, 3) + 2.0
        check_slopes(exact_slopes, values, lane(2, 2, 1, 1, constant), within=1e-4)


def check_slopes(slopes, values, one, within):
    data, lengths = left_aligned([values])
    found = slopes(data, lengths, one, 4)
    size = np.abs(found.gradient).max()
    for place in np.flatnonzero(used(one.orders)[:, 0]):
        losses = []
        for shift in (1e-5, -1e-5):
            free = one.free.copy()
            free[place] += shift
            losses.append(slopes(data, lengths, Lanes(one.rows, one.orders, free), 4).loss[0])
        slope = (losses[0] - losses[1]) / 4e-5
        assert found.gradient[0, place] == pytest.approx(slope, abs=within * size)
    assert (found.gradient[0, ~used(one.orders)[:, 0]] == 0.0).all()
