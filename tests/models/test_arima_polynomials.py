"""Tests of polynomials in the lag and of autocovariances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecomsql.models.arima_autocovariances import autocovariances
from ecomsql.models.arima_lanes import Lanes, polynomials, used
from ecomsql.models.arima_polynomials import (
    from_partials,
    partials,
    product,
    smallest_root,
    to_partials,
)


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=5))
@settings(deadline=None)
def test_roots_lie_outside_the_unit_circle(free):
    coefficients = from_partials(partials(np.array(free)[:, None]))
    assert smallest_root(coefficients)[0] > 1.0 - 1e-9


def test_two_coefficients_by_hand():
    found = from_partials(np.array([[0.5], [-0.4]]))
    np.testing.assert_allclose(found[:, 0], [0.5 * (1 + 0.4), -0.4])


def test_zeros_at_the_end_are_a_smaller_order():
    partial = np.array([[0.6, 0.6], [-0.3, -0.3], [0.0, 0.2]])
    np.testing.assert_allclose(from_partials(partial)[:2, 0], from_partials(partial[:2, :1])[:, 0])


def test_back_to_partial_autocorrelations():
    partial = np.random.default_rng(0).uniform(-0.95, 0.95, (6, 20))
    np.testing.assert_allclose(to_partials(from_partials(partial)), partial, atol=1e-9)


def test_product_is_that_of_polynomials():
    short, seasonal = np.array([[0.5], [-0.2]]), np.array([[0.7], [0.1]])
    long = np.zeros(9)
    long[[0, 4, 8]] = 1.0, -0.7, -0.1
    expected = np.convolve([1.0, -0.5, 0.2], long)
    np.testing.assert_allclose(-product(short, seasonal, 4)[:, 0], expected[1:])


def test_no_coefficients_no_root():
    assert np.isinf(smallest_root(np.zeros((3, 1))))[0]
    np.testing.assert_allclose(smallest_root(np.array([[0.0], [0.25]])), 2.0)


@pytest.mark.parametrize("season", [4, 12])
def test_autocovariances_are_sums_over_the_weights_of_past_errors(season):
    orders = np.array([[2, 0, 1], [1, 2, 0], [1, 0, 0], [0, 1, 1], [0, 0, 0]])
    free = np.where(used(orders), np.random.default_rng(1).normal(size=(14, 3)) * 0.6, 0.0)
    ar, ma = polynomials(free, orders, season)
    weights = np.zeros((3000, 3))
    weights[0] = 1.0
    for t in range(1, 3000):
        for lag in range(1, min(t, len(ar)) + 1):
            weights[t] += ar[lag - 1] * weights[t - lag]
        if t <= len(ma):
            weights[t] += ma[t - 1]
    expected = [(weights[lag:] * weights[: 3000 - lag]).sum(axis=0) for lag in range(20)]
    np.testing.assert_allclose(autocovariances(ar, ma, 19), expected, rtol=1e-8, atol=1e-8)


def test_used_parameters_come_by_polynomial():
    orders = np.array([[2], [1], [0], [1], [1]])
    assert np.flatnonzero(used(orders)[:, 0]).tolist() == [0, 1, 5, 12]
    assert len(Lanes(np.array([0]), orders, np.zeros((14, 1)))) == 1
