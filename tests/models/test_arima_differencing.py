"""Tests of differences, of how many are needed, and of the strength of a season."""

from __future__ import annotations

import numpy as np
import pytest

from ecomsql.models.arima_differencing import (
    constant,
    difference,
    differences,
    level_statistics,
    undone,
)
from ecomsql.models.loess import loess_weights
from ecomsql.models.seasonal_strength import decomposed, seasonal_strengths


def walk() -> np.ndarray:
    return np.cumsum(np.random.default_rng(0).normal(size=50))


def seasonal() -> np.ndarray:
    t = np.arange(60)
    return np.sin(t * np.pi / 6) * 5 + t * 0.1 + np.random.default_rng(1).normal(size=60)


def test_statistics_equal_statsmodels():
    """Of statsmodels 0.15.0: kpss(series, "c", nlags=int(3 * sqrt(n) / 13))."""
    given = walk()
    rows = np.full((3, 50), np.nan)
    rows[0], rows[1, 1:], rows[2] = given, np.diff(given), np.cumsum(given)
    expected = [0.4647162125914268, 0.6723828499124865, 2.489336943871996]
    np.testing.assert_allclose(level_statistics(rows), expected, rtol=1e-9)


def test_how_often_a_series_is_differenced():
    noise = np.random.default_rng(3).normal(size=200)
    rows = np.array([noise, noise.cumsum(), noise.cumsum().cumsum(), np.full(200, 3.0)])
    assert differences(rows).tolist() == [0, 1, 2, 0]


def test_series_in_front_of_which_there_is_nothing():
    noise = np.random.default_rng(3).normal(size=100).cumsum()
    rows = np.full((2, 150), np.nan)
    rows[0, 50:] = noise
    rows[1, 50:] = 5.0
    assert differences(rows).tolist() == [differences(noise[None])[0], 0]
    assert constant(rows).tolist() == [False, True]


@pytest.mark.parametrize(("d", "seasonal", "season"), [(0, 0, 1), (1, 0, 1), (2, 1, 4), (0, 1, 12)])
def test_differences_are_undone(d, seasonal, season):
    given = np.random.default_rng(0).normal(size=(2, 60))
    left = given
    everyone = np.ones(2, dtype=bool)
    for lag in [season] * seasonal + [1] * d:
        left = difference(left, everyone, lag)
    found = undone(left[:, 40:], given[:, :40], d, seasonal, season)
    np.testing.assert_allclose(found, given[:, 40:], atol=1e-10)


def test_decomposition_equals_statsmodels():
    """STL(series, period=12, seasonal=11, seasonal_deg=0).fit() of statsmodels 0.15.0."""
    season, trend = decomposed(seasonal()[:, None], 12)
    at = [0, 17, 59]
    np.testing.assert_allclose(season[at, 0], [-0.78967214, 2.41227312, -2.11953133], atol=1e-7)
    np.testing.assert_allclose(trend[at, 0], [0.63645107, 1.58767412, 5.36580996], atol=1e-7)


def test_strength_of_a_season():
    rows = np.full((2, 70), np.nan)
    rows[0, 10:] = seasonal()
    rows[1] = np.random.default_rng(5).normal(size=70)
    found = seasonal_strengths(rows, np.array([60, 70]), 12)
    assert found[0] == pytest.approx(0.9569803737907576, abs=1e-9)
    assert found[1] < 0.64


def test_loess_keeps_lines():
    line = 3.0 + 0.5 * np.arange(30)
    np.testing.assert_allclose(loess_weights(30, 7, 1) @ line, line)
    np.testing.assert_allclose(loess_weights(30, 11, 0, beyond=1) @ np.ones(30), np.ones(32))
