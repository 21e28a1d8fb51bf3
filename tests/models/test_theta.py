"""Theta models against other implementations; seasonal test and decomposition."""

from __future__ import annotations

import numpy as np
import pytest
from series_data import batch, seasonal_series

from ecomsql.models import forecasters
from ecomsql.models.line_minimum import line_minimum
from ecomsql.models.ragged import Ragged
from ecomsql.models.seasonal_indices import seasonal_indices
from ecomsql.models.seasonal_test import autocorrelations, seasonal
from ecomsql.models.theta_fit import ThetaFit, fit_theta
from ecomsql.models.theta_lines import Lines
from ecomsql.models.theta_path import theta_ahead, theta_fitted

# Of seasonal_series() with alpha .4 and first level 12, theta 2 or 3: squares of all errors but the
# first three, forecasts 1 and 6 ahead; statsforecast 2.1.1, theta.pegels_resid and theta.forecast.
GIVEN = {
    "STM": (2.0, 181.34904946140176, 30.273256412938405, 31.212387477810484),
    "DSTM": (2.0, 198.14639064477748, 30.273256412938405, 31.137917184366284),
    "OTM": (3.0, 181.00134255379945, 30.429778964411828, 31.6819537175746),
    "DOTM": (3.0, 198.94724142537524, 30.429778964411828, 31.60003193823252),
}
# The least squares that its search found.
SEARCHED = {
    "STM": 160.7084882863664,
    "DSTM": 178.33053067533749,
    "OTM": 130.18081843564102,
    "DOTM": 168.90346180559445,
}
# By statsmodels 0.15.0, acf and seasonal_decompose.
ACF = [0.5171017433593054, 0.7606732058101923, 0.39433601697827064, 0.6574672648566816]
ADDED = [2.587984441336702, -1.8350108523688697, 0.7723238828561003, -1.5252974718239325]
FACTORS = [1.1067719870046604, 0.9262178242847228, 1.0288404392348507, 0.9381697494757663]


def lines_of(series: Ragged, name: str) -> Lines:
    return Lines.of_past(series) if name.startswith("D") else Lines.static(series)


@pytest.mark.parametrize("name", GIVEN)
def test_errors_and_forecasts_are_those_of_others(name):
    theta, squares, first, sixth = GIVEN[name]
    series = Ragged.from_batch(batch([seasonal_series()]))
    one = np.ones(1)
    fit = ThetaFit(0.4 * one, 12.0 * one, (1.0 - 1.0 / theta) * one, one)
    lines = lines_of(series, name)
    fitted, level = theta_fitted(series, lines, fit)
    errors = (series.values - fitted)[3:]
    mean, _ = theta_ahead(series, lines, fit, level, 6)
    assert (errors**2).sum() == pytest.approx(squares, rel=1e-10)
    assert mean[[0, 5], 0] == pytest.approx([first, sixth], rel=1e-10)


@pytest.mark.parametrize("name", SEARCHED)
def test_fits_at_least_as_well_as_others(name):
    series = Ragged.from_batch(batch([seasonal_series(), seasonal_series(25)]))
    lines = lines_of(series, name)
    fit = fit_theta(series, lines, optimised="O" in name)
    fitted, _ = theta_fitted(series, lines, fit)
    squares = ((series.values - fitted)[3:, 0] ** 2).sum()
    assert squares == pytest.approx(fit.squares[0], rel=1e-9)
    assert squares <= SEARCHED[name] * 1.0001
    assert (fit.alpha >= 0.1).all()
    assert (fit.share >= 0.0).all()
    assert (fit.share <= 1.0).all()


def test_more_freedom_is_chosen_by_squares():
    series = [seasonal_series(40)]
    one, two = (
        forecasters.method("theta").forecast(batch(series, 1), 4, seed=0, models=models)
        for models in (("STM", "OTM"), ("OTM",))
    )
    assert one.label == ["theta(OTM)"]
    np.testing.assert_array_equal(one.mean, two.mean)


@pytest.mark.parametrize("dynamic", [True, False])
def test_response_is_what_one_error_changes(dynamic):
    series = Ragged.from_batch(batch([seasonal_series()]))
    lines = Lines.of_past(series) if dynamic else Lines.static(series)
    one = np.ones(1)
    fit = ThetaFit(0.4 * one, 12.0 * one, 0.5 * one, one)
    _, level = theta_fitted(series, lines, fit)
    mean, response = theta_ahead(series, lines, fit, level, 6)
    longer = Ragged.of(np.append(series.values, mean[0, 0] + 1.0)[:, None], np.array([31]))
    if dynamic:
        after = Lines.of_past(longer)
    else:
        held = np.repeat(lines.level[:1], 31, axis=0), np.repeat(lines.slope[:1], 31, axis=0)
        after = Lines(*held, lines.mean, dynamic=False)
    _, level = theta_fitted(longer, after, fit)
    moved, _ = theta_ahead(longer, after, fit, level, 5)
    np.testing.assert_allclose(moved - mean[1:], response[1:], rtol=1e-8)


def test_seasonal_test_and_indices():
    """By statsmodels 0.15.0: acf(nlags=4)[1:] and the seasonal of seasonal_decompose."""
    series = Ragged.from_batch(batch([seasonal_series()]))
    np.testing.assert_allclose(autocorrelations(series, 4)[:, 0], ACF, rtol=1e-10)
    for multiplicative, expected in ((False, ADDED), (True, FACTORS)):
        found = seasonal_indices(series, 4, multiplicative=multiplicative)
        np.testing.assert_allclose(found[:, 0], expected, rtol=1e-10)
    noise = Ragged.from_batch(batch([np.random.default_rng(3).normal(size=80)]))
    assert seasonal(series, 4).tolist() == [True]
    assert seasonal(noise, 4).tolist() == [False]
    assert seasonal(series, 16).tolist() == [False]


def test_odd_seasons():
    t = np.arange(35)
    pattern = np.array([1.0, -2.0, 4.0, -3.0, 0.0])
    series = Ragged.from_batch(batch([5.0 + 0.2 * t + pattern[t % 5]]))
    found = seasonal_indices(series, 5, multiplicative=False)
    np.testing.assert_allclose(found[:, 0], pattern, atol=1e-12)


def test_intervals_hold_what_they_say():
    random = np.random.default_rng(5)
    walks = [random.normal(size=88).cumsum() + 100.0 for _ in range(300)]
    found = forecasters.method("theta").forecast(batch([one[:-8] for one in walks], 1), 8, seed=0)
    truth = np.stack([one[-8:] for one in walks])
    assert (np.abs(truth - found.mean) <= 1.6449 * found.sd).mean() == pytest.approx(0.9, abs=0.05)


def test_the_lowest_points_are_found():
    lowest = np.array([0.1, 0.234, 0.5, 0.99, 0.7])

    def function(points: np.ndarray) -> np.ndarray:
        return np.cosh(3.0 * (points - lowest))

    found = line_minimum(function, np.linspace(0.1, 0.99, 8), 5)
    np.testing.assert_allclose(found, lowest, atol=2e-3)
