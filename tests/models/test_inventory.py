"""Reorder points that stock lasts with: against formulas, and in simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ecomsql.models.demand_quantile import demand_quantile
from ecomsql.models.interval_errors import interval_errors
from ecomsql.models.inventory import Plan, Terms, plan_orders
from ecomsql.models.series_batch import SeriesBatch

WEEK = np.array([0.8, 0.7, 0.8, 0.9, 1.1, 1.5, 1.2])


def plan(series: list[np.ndarray], season: int = 7, method: str = "theta", **given) -> Plan:
    every = {"lead_time": 7.0, "on_hand": np.nan, "order_cost": np.nan, "holding_cost": np.nan}
    every = {name: np.full(len(series), given.pop(name, one)) for name, one in every.items()}
    rest = {"lead_time_std": 0.0, "review_period": 1, "service_level": 0.95, "demand_time": 365.25}
    batch = SeriesBatch.of(series, season)
    return plan_orders(batch, Terms(**every, **{**rest, **given}), method=method, seed=1)


@pytest.mark.parametrize("probability", [0.5, 0.9, 0.95, 0.999])
def test_quantiles_are_those_of_scipy(probability):
    random = np.random.default_rng(0)
    mean = random.lognormal(0.0, 3.0, 500)
    variance = mean * random.choice([0.7, 1.0, 1.5, 5.0, 50.0], 500)
    counts = np.ones(500, dtype=bool)
    found = demand_quantile(mean, variance, probability, counts)
    size = mean**2 / np.where(variance > mean, variance - mean, 1.0)
    expected = np.where(
        variance <= mean,
        stats.poisson.ppf(probability, mean),
        stats.nbinom.ppf(probability, size, np.minimum(mean / variance, 1.0)),
    )
    np.testing.assert_array_equal(found, expected)
    found = demand_quantile(mean, variance, probability, ~counts)
    expected = stats.gamma.ppf(probability, mean**2 / variance, scale=variance / mean)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-300)


def test_quantiles_of_nothing_and_of_certainty():
    mean, none = np.array([0.0, 7.0, 7.5]), np.zeros(3)
    np.testing.assert_array_equal(demand_quantile(mean, none, 0.95, none == 0), [0.0, 7.0, 8.0])
    np.testing.assert_allclose(demand_quantile(mean, none, 0.95, none > 0), mean, rtol=1e-5)


def test_errors_of_sums_are_those_of_independent_steps():
    random = np.random.default_rng(1)
    batch = SeriesBatch.of(list(random.normal(50.0, 2.0, (200, 400))))
    variance, count = interval_errors(batch, np.full(200, 5))
    assert np.median(variance) == pytest.approx(5 * 4.0, rel=0.2)
    assert count[0] == pytest.approx((400 - 10 - 5) / 5)


def test_errors_of_sums_grow_faster_where_the_level_moves():
    random = np.random.default_rng(2)
    walks = 100.0 + random.normal(size=(200, 300)).cumsum(axis=1)
    batch = SeriesBatch.of(list(walks))
    one, ten = (np.median(interval_errors(batch, np.full(200, n))[0]) for n in (1, 10))
    assert ten > 50.0 * one


def drifting(random: np.random.Generator, mean: float, days: int) -> np.ndarray:
    level = np.zeros(days)
    for day in range(1, days):
        level[day] = 0.97 * level[day - 1] + random.normal(0.0, 0.1)
    return random.poisson(mean * np.exp(level)).astype(float)


def seldom(random: np.random.Generator, mean: float, days: int) -> np.ndarray:
    return (random.random(days) < mean / 4.0) * (1.0 + random.poisson(3.0, days))


def weekly(random: np.random.Generator, mean: float, days: int) -> np.ndarray:
    return random.poisson(mean * WEEK[np.arange(days) % 7]).astype(float)


def scattered(random: np.random.Generator, mean: float, days: int) -> np.ndarray:
    return random.negative_binomial(1.0, 1.0 / (1.0 + mean), days).astype(float)


@pytest.mark.parametrize("level", [0.9, 0.98])
@pytest.mark.parametrize(
    ("make", "mean", "method"),
    [
        (weekly, 20.0, "theta"),
        (weekly, 0.3, "tsb"),
        (drifting, 10.0, "theta"),
        (seldom, 0.4, "tsb"),
        (scattered, 8.0, "theta"),
    ],
)
def test_stock_lasts_as_often_as_asked(make, mean, method, level):
    random, days, ahead = np.random.default_rng(3), 330, 8
    sold = np.stack([make(random, mean, days + ahead) for _ in range(250)])
    told = plan(list(sold[:, :days]), method=method, service_level=level)
    lasted = (sold[:, days:].sum(axis=1) <= told.reorder_point).mean()
    assert level - (0.08 if make is seldom else 0.05) < lasted
    assert told.reorder_point.mean() < 4.0 * max(mean * ahead, 4.0)


def test_the_normal_formula_of_the_past_fails_where_sales_drift():
    random, days, ahead = np.random.default_rng(3), 330, 8
    sold = np.stack([drifting(random, 10.0, days + ahead) for _ in range(250)])
    past, comes = sold[:, :days], sold[:, days:].sum(axis=1)
    naive = past.mean(axis=1) * ahead + 1.645 * past.std(axis=1) * np.sqrt(ahead)
    told = plan(list(past))
    assert (comes <= naive).mean() < 0.85
    assert (comes <= told.reorder_point).mean() > 0.9


def test_more_service_longer_and_less_certain_waits_take_more():
    series = [weekly(np.random.default_rng(5), 12.0, 200)]
    plain = plan(series)
    assert plan(series, service_level=0.99).safety_stock > plain.safety_stock
    assert plan(series, lead_time=20.0).reorder_point > 2.0 * plain.reorder_point
    assert plan(series, lead_time_std=3.0).safety_stock > plain.safety_stock
    assert plan(series, review_period=14).order_quantity > 10.0 * plain.order_quantity
    assert plan(series, lead_time=6.2).reorder_point == plain.reorder_point


def test_a_lot_is_that_of_harris():
    series = [np.full(120, 4.0)]
    told = plan(series, season=1, order_cost=50.0, holding_cost=2.0)
    assert told.order_quantity[0] == np.ceil(np.sqrt(2 * 4.0 * 365.25 * 50.0 / 2.0))
    small = plan(series, season=1, order_cost=0.0, holding_cost=2.0)
    assert small.order_quantity[0] == 4.0


def test_what_is_there_is_not_ordered():
    series = [np.full(120, 4.0)] * 3
    first = plan(series)
    told = plan(series, on_hand=np.array([1000.0, first.reorder_point[1], 10.0]))
    point, lot = first.reorder_point[0], first.order_quantity[0]
    np.testing.assert_array_equal(told.order_quantity, [0.0, lot, point - 10.0 + lot])


def test_strange_items():
    series = [
        np.zeros(40),
        np.array([3.0]),
        -np.ones(40),
        np.array([1e300, 1.0, 2.0] * 10),
        np.array([5.0, -2.0] * 20),
        np.full(40, 0.25),
    ]
    told = plan(series, lead_time=np.array([7.0] * 5 + [np.nan]))
    assert told.status == ["no demand", "too few values", "no demand", "ok", "ok", "no lead time"]
    numbers = np.stack([told.mean_demand, told.demand_std, told.safety_stock, told.reorder_point])
    assert np.isfinite(numbers[:, :5]).all()
    assert (numbers[:, :5] >= 0.0).all()
    assert np.isnan(numbers[:, 5]).all()
    assert (numbers[:, [0, 2]] == 0.0).all()
    assert told.order_quantity[0] == 0.0


def test_items_do_not_depend_on_each_other():
    random = np.random.default_rng(6)
    series = [weekly(random, mean, n) for mean, n in ((9.0, 200), (0.2, 90), (3.0, 30))]
    lead = np.array([3.0, 7.0, 20.0])
    together = plan(series, lead_time=lead)
    for row, one in enumerate(series):
        alone = plan([one], lead_time=lead[row])
        assert alone.reorder_point[0] == together.reorder_point[row]
        assert alone.order_quantity[0] == together.order_quantity[row]
