"""Best prices in simulated shops whose optimum is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from price_data import sold

from ecomsql.features.price_rows import PriceRows
from ecomsql.models.demand_loglinear import Demand as LogLinear
from ecomsql.models.demand_selection import chosen_method, held_out
from ecomsql.models.price_candidates import PriceRules, price_bounds, price_candidates
from ecomsql.models.price_choice import Aim, best_prices
from ecomsql.models.price_demand import METHODS, demand_method
from ecomsql.models.price_now import last_values

every_method = pytest.mark.parametrize("method", METHODS)
FREE = PriceRules(0.9, False, 0.0, np.inf, None, ())
PROFIT = Aim(is_profit=True, rules=FREE, level=0.9, cautious=False, seed=1)
COST = 5.0


def chosen(rows: PriceRows, method: str, aim: Aim = PROFIT, cost: float = COST):
    linear = LogLinear.of(rows)
    demand = demand_method(method).fit(rows, linear, seed=1)
    return best_prices(rows, linear, demand, np.full(rows.n_items, cost), aim)


def shop(n: int = 30) -> tuple[PriceRows, np.ndarray]:
    truth = np.linspace(-3.5, -1.8, n)
    return sold(truth, rows=400, level=30.0, spread=0.6), truth


@every_method
def test_the_best_price_is_nearly_the_one_of_theory(method):
    rows, truth = shop()
    found = chosen(rows, method)
    # With a constant elasticity e, profit is greatest at cost * e / (e + 1).
    best = np.clip(COST * truth / (truth + 1), 10 * np.exp(-0.6), 10 * np.exp(0.6))

    def profit(price: np.ndarray) -> np.ndarray:
        return (price - COST) * 30.0 * (price / 10.0) ** truth

    lost = 1 - profit(found.optimal_price) / profit(best)
    assert lost.mean() < {"loglinear": 0.002, "tree": 0.02, "lightgbm": 0.02}[method]
    said = found.expected_profit / profit(found.optimal_price)
    assert said == pytest.approx(np.ones(len(truth)), abs=0.25)
    gained = profit(found.optimal_price).sum() / profit(found.current_price).sum() - 1
    weights = profit(found.current_price)
    assert np.average(found.gain.lift(0.5), weights=weights) == pytest.approx(gained, abs=0.12)
    assert np.abs(found.elasticity - truth).mean() < 0.3


@every_method
def test_the_units_of_quantities_and_prices_do_not_matter(method):
    rows = sold(np.linspace(-3, -1.5, 8), rows=150, level=4.0, spread=0.5)
    small = PriceRows.of(
        rows.item,
        rows.price * 1000.0,
        rows.quantity / 4096.0,
        category=rows.category,
        time=rows.time,
    )
    one, other = chosen(rows, method), chosen(small, method, cost=1000 * COST)
    assert other.optimal_price / 1000.0 == pytest.approx(one.optimal_price, rel=0.02)
    assert other.expected_quantity * 4096.0 == pytest.approx(one.expected_quantity, rel=0.05)


@every_method
def test_demand_never_rises_with_the_price(method):
    rows = sold([-2.0, 0.0, 1.5, -0.3], rows=200, level=3.0)
    demand = demand_method(method).fit(rows, linear := LogLinear.of(rows), seed=1)
    grid = np.tile(np.linspace(7, 14, 60), (4, 1))
    falls = np.diff(demand.expected(grid), axis=1) <= 1e-9
    rising = linear.slope > 0 if method == "loglinear" else np.zeros(4, dtype=bool)
    assert falls[~rising].all()


@every_method
def test_what_is_expected_of_the_rows_adds_up(method):
    rows, _ = shop(6)
    demand = demand_method(method).fit(rows, LogLinear.of(rows), seed=1)
    whole = np.bincount(rows.item, demand.of_rows(rows))
    assert whole == pytest.approx(np.bincount(rows.item, rows.quantity), rel=0.02)


@every_method
def test_controls_are_not_taken_for_prices(method):
    # A promotion triples demand, and comes with low prices.
    rng = np.random.default_rng(3)
    item, promotion = np.repeat(np.arange(5), 500), rng.integers(0, 2, 2500).astype(float)
    price = 10.0 - 2 * promotion + np.round(rng.uniform(-1, 1, 2500), 1)
    quantity = rng.poisson(20 * 3**promotion * (price / 10) ** -1.5).astype(float)
    rows = PriceRows.of(item, price, quantity, category=np.full(5, -1), controls=promotion[None])
    found = chosen(rows, method)
    assert np.abs(found.elasticity + 1.5).max() < 0.6
    # Half of the days have the promotion.
    right = 40 * (found.optimal_price / 10) ** -1.5
    assert found.expected_quantity == pytest.approx(right, rel=0.15)


def test_the_interval_of_the_gain_holds_it():
    truth = np.random.default_rng(5).uniform(-3, -1.5, 300)
    rows = sold(truth, rows=40, level=20.0, spread=0.3)
    rules = replace(FREE, max_change=0.3)
    prices = chosen(rows, "loglinear", replace(PROFIT, rules=rules))
    low, middle, high = (prices.gain.lift(share) for share in (0.05, 0.5, 0.95))

    def profit(price: np.ndarray) -> np.ndarray:
        return (price - COST) * (price / 10.0) ** truth

    gained = profit(prices.optimal_price) / profit(prices.current_price) - 1
    assert ((low <= middle) & (middle <= high)).all()
    assert 0.8 < ((low - 1e-9 <= gained) & (gained <= high + 1e-9)).mean() < 0.99


def test_caution_keeps_the_price_where_the_gain_may_be_none():
    rows = sold([-2.2] * 20, rows=25, level=3.0, spread=0.3)
    bold = chosen(rows, "loglinear")
    cautious = chosen(rows, "loglinear", replace(PROFIT, cautious=True))
    unsure = np.array([one == "gain not certain" for one in bold.status])
    assert unsure.any()
    assert (cautious.optimal_price == cautious.current_price)[unsure].all()
    assert (cautious.gain.lift(0.5)[unsure] == 0.0).all()
    assert (cautious.optimal_price == bold.optimal_price)[~unsure].all()
    assert set(np.array(cautious.status)[unsure]) == {"gain not certain, so the price stays"}


def test_inelastic_demand_goes_to_the_bound_and_rising_demand_stays():
    rows = sold([-0.4, 0.8], rows=2000, level=100.0)
    found = chosen(rows, "loglinear")
    assert found.optimal_price[0] == pytest.approx(rows.price[rows.item == 0].max())
    assert found.status[0] == "inelastic: at the highest price allowed"
    assert found.optimal_price[1] == found.current_price[1]
    assert found.status[1] == "demand does not fall with the price"
    assert found.gain.lift(0.5)[1] == 0.0


def test_revenue_does_not_look_at_costs():
    rows = sold([-2.5] * 2, rows=300)
    found = chosen(rows, "loglinear", replace(PROFIT, is_profit=False), cost=np.nan)
    assert np.isnan(found.expected_profit).all()
    assert found.status[0] == "at the lowest price allowed"
    assert (found.expected_revenue == found.optimal_price * found.expected_quantity).all()


def test_items_without_a_cost_and_below_cost():
    rows = sold([-2.0, -2.0], rows=300)
    linear = LogLinear.of(rows)
    found = best_prices(rows, linear, linear, np.array([np.nan, 50.0]), PROFIT)
    assert found.status[0] == "no cost"
    assert found.optimal_price[0] == found.current_price[0]
    assert found.status[1] == "sold at or below cost now"
    assert np.isnan(found.gain.lift(0.5)[1])


@pytest.mark.parametrize("times", [True, False])
def test_auto_takes_trees_where_demand_falls_in_a_step(times):
    rng = np.random.default_rng(2)
    item = np.repeat(np.arange(20), 300)
    price = np.round(rng.uniform(8, 12, len(item)), 2)
    quantity = rng.poisson(np.where(price < 10, 30.0, 8.0)).astype(float)
    time = np.tile(np.arange(300.0), 20) if times else None
    rows = PriceRows.of(item, price, quantity, category=np.full(20, -1), time=time)
    assert chosen_method(rows, seed=1) == "lightgbm"
    found = chosen(rows, "lightgbm")
    assert found.optimal_price == pytest.approx(np.full(20, 9.9), abs=0.25)
    assert chosen_method(shop()[0], seed=1) == "loglinear"


def test_the_last_rows_are_held_out():
    rows = sold([-1.0, -2.0], rows=50)
    held = held_out(rows)
    assert (held == (rows.time >= 40)).all()
    timeless = replace(rows, time=np.full(100, np.nan))
    assert np.bincount(timeless.item[held_out(timeless)]).tolist() == [10, 10]


def test_current_prices_are_the_last_or_the_middle_ones():
    item = np.array([0, 0, 0, 0, 2, 2])
    price = np.array([4.0, 9.0, 7.0, 5.0, 3.0, np.nan])
    time = np.array([1.0, 2.0, 2.0, 2.0, 5.0, 6.0])
    found = last_values(item, time, price, 3)
    assert found[[0, 2]].tolist() == [7.0, 3.0]
    assert np.isnan(found[1])
    assert last_values(item, np.full(6, np.nan), price, 3)[0] == 5.0


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"step": 1.0}, [8, 9, 10, 11, 12]),
        ({"step": 0.5, "max_change": 0.1}, [9, 9.5, 10, 10.5, 11]),
        ({"endings": (0.99,)}, [8.99, 9.99, 10, 10.99, 11.99]),
        ({"endings": (0.25, 0.75), "max_change": 0.1}, [9.25, 9.75, 10, 10.25, 10.75]),
        ({"endings": (9.0,), "max_change": 0.5}, [9, 10]),
        ({"step": 1.0, "least": 10.5}, [11, 12]),
        ({"step": 1.0, "most": 9.5}, [8, 9]),
        ({"step": 1.0, "least": 50.0}, [10]),
        ({"step": 7.0, "extrapolate": True, "max_change": 0.9}, [7, 10, 14]),
        ({"max_change": 0.0, "step": 1.0}, [10]),
    ],
)
def test_candidates_keep_the_rules(rules, expected):
    given = replace(FREE, **rules)
    ten, eight, twelve = (np.array([one]) for one in (10.0, 8.0, 12.0))
    low, high = price_bounds(ten, eight, twelve, given)
    found = price_candidates(ten, low, high, given, 101)
    assert np.unique(found[np.isfinite(found)]).tolist() == expected


def test_one_row_and_no_row():
    one = PriceRows.of(np.array([1]), np.array([5.0]), np.array([2.0]), category=np.full(3, -1))
    for method in METHODS:
        found = chosen(one, method)
        assert found.status == ["no usable rows", "no price variation", "no usable rows"]
        assert found.current_price[1] == found.optimal_price[1] == 5.0
        assert np.isnan(found.optimal_price[[0, 2]]).all()
    assert chosen_method(one, seed=1) == "loglinear"
