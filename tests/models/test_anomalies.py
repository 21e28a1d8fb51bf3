"""Values that do not belong: planted ones are found, usual ones are left alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from series_data import STRANGE, many, seasonal_series

from ecomsql.errors import OptionError
from ecomsql.models.anomalies import FEWEST, check_method, find_anomalies, methods
from ecomsql.models.count_errors import count_bounds, count_distance
from ecomsql.models.series_batch import SeriesBatch

WEEK = np.array([0.8, 0.7, 0.8, 0.9, 1.1, 1.5, 1.2])


def found(series: list[np.ndarray], season: int = 7, **options):
    batch = SeriesBatch.of(series, season)
    known = np.isfinite(batch.values).astype(float)
    return find_anomalies(batch, known=known, **{"is_demand": True, **options})


def sales(n_series: int, mean: float, seed: int, days: int = 280) -> np.ndarray:
    """Return counts with a week and a slow wave in them."""
    random = np.random.default_rng(seed)
    days_of = np.arange(days)
    wave = 1.0 + 0.3 * np.sin(days_of / 60.0)
    return random.poisson(mean * WEEK[days_of % 7] * wave, (n_series, days)).astype(float)


def scores(told: np.ndarray, planted: np.ndarray) -> tuple[float, float]:
    """Return precision and recall."""
    hits = (told & planted).sum()
    return float(hits / max(told.sum(), 1)), float(hits / planted.sum())


def planted(mean: float) -> tuple[np.ndarray, np.ndarray]:
    """Return sales, in each of which three days are far too high or empty."""
    values, random = sales(60, mean, 3), np.random.default_rng(4)
    where = np.zeros(values.shape, dtype=bool)
    for row in range(len(values)):
        for place in random.choice(values.shape[1], 3, replace=False):
            where[row, place] = True
            expected = mean * WEEK[place % 7]
            values[row, place] = np.round(expected + 7.0 * np.sqrt(expected))
    return values, where


def test_finds_what_was_planted_and_little_else():
    values, where = planted(30.0)
    precision, recall = scores(found(list(values)).flagged, where)
    assert precision > 0.75
    assert recall > 0.9
    middle, spread = values.mean(axis=1, keepdims=True), values.std(axis=1, keepdims=True)
    naive = scores(np.abs(values - middle) > 3.29 * spread, where)
    assert recall > naive[1] + 0.2


@pytest.mark.parametrize("mean", [0.1, 0.5, 3.0, 30.0, 500.0])
def test_usual_counts_are_seldom_flagged(mean):
    assert found(list(sales(40, mean, 5))).flagged.mean() < 0.015


@pytest.mark.parametrize(("season", "length"), [(1, 365), (7, 365), (7, 60), (12, 48), (52, 156)])
def test_usual_values_are_flagged_as_seldom_as_the_level_says(season, length):
    random = np.random.default_rng(6)
    wave = 3.0 * np.sin(np.arange(length) * 2 * np.pi / season)
    series = list(100.0 + wave + random.normal(size=(80, length)))
    assert found(series, season, level=0.99).flagged.mean() < 0.03
    assert found(series, season, level=0.999).flagged.mean() < 0.01


def test_lots_that_are_seldom_sold_are_usual_but_not_any():
    random = np.random.default_rng(9)
    sold = (random.random((40, 300)) < 0.1) * (1.0 + random.poisson(5.0, (40, 300)))
    assert found(list(sold)).flagged.mean() < 0.004
    sold[:, 150] = 60.0
    assert found(list(sold)).flagged[:, 150].mean() > 0.9


@pytest.mark.parametrize("mean", [0.1, 2.0, 30.0])
def test_distances_of_counts_are_those_of_chances(mean):
    counts = np.arange(0.0, mean + 5.0 * np.sqrt(mean) + 4.0)
    told = count_distance(counts[None], np.full((1, len(counts)), mean), np.ones((1, 1)))[0]
    up = stats.norm.isf(stats.poisson.sf(counts - 1.0, mean))
    down = stats.norm.isf(stats.poisson.cdf(counts, mean))
    expected = np.maximum(np.where(counts > mean, up, down), 0.0)
    usual = expected < 4.0
    np.testing.assert_allclose(told[usual], expected[usual], atol=0.35)


@pytest.mark.parametrize("scatter", [1.0, 4.0])
def test_bounds_of_counts_are_where_distances_are(scatter):
    expected = np.array([[0.05, 0.4, 3.0, 25.0, 900.0]])
    spread = np.full((1, 1), scatter)
    lower, upper = count_bounds(expected, spread, 3.0)
    np.testing.assert_allclose(count_distance(upper, expected, spread), 3.0, atol=1e-6)
    below = count_distance(lower, expected, spread)
    np.testing.assert_allclose(below[lower > 0.0], 3.0, atol=1e-6)
    assert (below[lower == 0.0] <= 3.0).all()


def test_errors_in_proportion_have_bounds_in_proportion():
    random = np.random.default_rng(7)
    series = 100.0 * WEEK[np.arange(280) % 7] * np.exp(0.3 * random.normal(size=(40, 280)))
    told = found(list(series))
    assert told.flagged.mean() < 0.03
    assert (told.upper - told.expected > 1.3 * (told.expected - told.lower)).mean() > 0.9


@pytest.mark.parametrize("season", [1, 7])
@pytest.mark.parametrize("base", [0.0, 20.0, 0.1])
def test_one_value_that_differs_from_a_constant(base, season):
    values = np.full(30, base)
    values[17] = base + 5.0
    told = found([values], season, is_demand=False)
    assert np.flatnonzero(told.flagged[0]).tolist() == [17]
    np.testing.assert_allclose(np.delete(told.expected[0], 17), base, atol=1e-3)


def test_a_new_level_is_soon_a_usual_one():
    random = np.random.default_rng(8)
    values = np.append(np.full(120, 50.0), np.full(120, 90.0)) + random.normal(size=240)
    told = found([values], is_demand=False)
    assert not told.flagged[0, :95].any()
    assert not told.flagged[0, 145:].any()


def shop_prices() -> np.ndarray:
    """Return prices in cents that change now and then for good, or for some days."""
    random, days = np.random.default_rng(10), np.arange(365)
    level = 50.0 * np.exp(np.cumsum(random.normal(0, 0.03, (60, 5)), axis=1))[:, days // 91]
    for row in level:
        for start in random.integers(0, 350, 4):
            row[start : start + random.integers(7, 15)] *= random.choice([0.7, 0.8, 0.9])
    return np.round(level, 2)


@pytest.mark.parametrize("method", ["stl", "naive", "theta", "ets"])
def test_prices_that_stay_are_seldom_flagged_and_slips_are(method):
    values = shop_prices()
    told = found(list(values), is_demand=False, method=method)
    assert told.flagged.mean() < 0.01
    assert (told.lower < told.upper)[:, 1:].all()
    values[:, [100, 200]] *= [10.0, 0.4]
    slips = found(list(values), is_demand=False, method=method)
    assert slips.flagged[:, [100, 200]].mean() > 0.95


def test_a_change_of_less_than_a_cent_in_a_euro_is_usual():
    values = np.full(60, 10.0)
    values[30] = 10.1
    assert not found([values], is_demand=False).flagged.any()
    values[30] = 10.5
    assert np.flatnonzero(found([values], is_demand=False).flagged[0]).tolist() == [30]


def test_few_values_are_all_usual():
    values = np.full(FEWEST - 1, 10.0)
    values[4] = 1e6
    assert not found([values], 1).flagged.any()
    assert not found([np.array([3.0]), np.array([1.0, 9.0])], 1).flagged.any()


def test_gaps_are_never_anomalous():
    values = seasonal_series(60)
    values[30] = 400.0
    batch, known = SeriesBatch.of([values], 4), np.ones((1, 60))
    known[0, 30] = 0.0
    told = find_anomalies(batch, known=known, is_demand=False)
    assert not told.flagged.any()
    assert np.isnan(told.score[0, 30])
    assert np.isfinite(told.expected).all()


@pytest.mark.parametrize("method", methods())
def test_every_method_answers_whatever_comes(method):
    series = [*STRANGE.values(), *many()]
    told = found(series, 4, method=method, is_demand=False)
    for row, values in enumerate(series):
        expected = told.expected[row, -len(values) :]
        bounds = told.lower[row, -len(values) :], told.upper[row, -len(values) :]
        there = np.isfinite(expected)
        assert not np.isinf(expected).any()
        assert (bounds[0] <= expected)[there].all()
        assert (expected <= bounds[1])[there].all()
        assert (told.score[row, -len(values) :][there] >= 0.0).all()
    assert not told.flagged[np.isnan(told.score)].any()


def test_a_forecaster_knows_only_the_past():
    values = seasonal_series(80)
    later = values.copy()
    later[60:] += 30.0
    one, two = (found([v], 4, method="naive", is_demand=False) for v in (values, later))
    np.testing.assert_array_equal(one.expected[0, :60], two.expected[0, :60])
    assert np.isnan(one.expected[0, 0])


def test_scores_scale_with_the_series():
    one, two = (found([seasonal_series(60) * by], 4, is_demand=False) for by in (1.0, 1e-6))
    np.testing.assert_allclose(two.score, one.score, rtol=1e-6)


def test_methods_that_are_not_there():
    with pytest.raises(OptionError, match="did you mean 'stl'"):
        check_method("st")
