"""Lifetime value: a known answer, nothing from the future, and a choice that is explained."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from ecomsql.errors import DataError, ModelError, OptionError
from ecomsql.features.calendar import DAY
from ecomsql.features.customer_history import customer_history
from ecomsql.models import value_corrections
from ecomsql.models.lifetime_fitting import METHODS, fit_lifetime_value
from ecomsql.models.lifetime_value import SHARES, LifetimeValue
from ecomsql.models.purchase_value import PurchaseValue
from ecomsql.storage import StoredModel, from_blob, to_blob

END = 240 * DAY
every_method = pytest.mark.parametrize("method", METHODS)


@pytest.fixture(scope="module")
def orders() -> pl.DataFrame:
    """Orders of 200 customers, of which the even ones come every week and the odd ones once."""
    random = np.random.default_rng(7)
    rows = []
    for user in range(200):
        first = random.uniform(0, 120)
        times = first + (7 * np.arange(60) if user % 2 == 0 else np.zeros(1))
        amounts = random.gamma(4, 5 + user % 5, len(times))
        rows += [(user, at * DAY, money) for at, money in zip(times, amounts, strict=True)]
    return pl.DataFrame(rows, ["user", "time", "amount"], orient="row")


def fitted(method: str, orders: pl.DataFrame, *, days: float = 60, as_of: float = END):
    return fit_lifetime_value(method, orders, as_of=as_of, days=days, seed=42)


def told(model: LifetimeValue, orders: pl.DataFrame, *, days: float = 60, discount: float = 0.0):
    history = customer_history(orders, as_of=END)
    return history.select("user").hstack(model.predict(history, days=days, discount=discount))


@every_method
def test_knows_who_comes_back(method, orders):
    found = told(fitted(method, orders), orders)
    often, once = (found.filter(pl.col("user") % 2 == side) for side in (0, 1))
    assert often["expected_orders"].mean() == pytest.approx(60 / 7, rel=0.15)
    assert once["expected_orders"].mean() < 1
    assert often["expected_value"].mean() > 10 * once["expected_value"].mean()


@every_method
def test_the_future_is_not_looked_at(method, orders):
    changed = orders.with_columns(
        amount=pl.when(pl.col("time") > END).then(-99.0).otherwise(pl.col("amount"))
    )
    extra = pl.DataFrame({"user": [1, 3], "time": [END + 1.0, END + DAY], "amount": [1e6, 1e6]})
    planted = pl.concat([changed, extra])
    assert told(fitted(method, orders), orders).equals(told(fitted(method, planted), planted))


@every_method
def test_the_order_of_rows_does_not_matter(method, orders):
    mixed = orders.sample(fraction=1.0, shuffle=True, seed=3)
    one, other = told(fitted(method, orders), orders), told(fitted(method, mixed), mixed)
    assert one.equals(other)


@every_method
def test_is_restored_from_its_bytes(method, orders):
    model = fitted(method, orders)
    again = LifetimeValue.restored(from_blob(to_blob(model.stored()), tasks=("ltv",)))
    assert (again.method, again.share) == (model.method, model.share)
    assert json.loads(json.dumps(again.metrics)) == json.loads(json.dumps(model.metrics))
    for days in (30, 400):
        assert told(again, orders, days=days).equals(told(model, orders, days=days))


def test_discount_takes_from_the_money_alone(orders):
    model = fitted("bgnbd", orders)
    full, less = told(model, orders, days=365), told(model, orders, days=365, discount=0.1)
    share = less["expected_value"] / full["expected_value"]
    assert (share > 1 / 1.1).all()
    assert (share < 1).all()
    assert share.mean() == pytest.approx(1.1**-0.5, abs=0.01)
    assert less["expected_orders"].equals(full["expected_orders"])


def test_auto_says_what_it_picked_and_why(orders):
    model = fitted("auto", orders)
    why = model.metrics["auto"]
    assert why["picked"] == model.method
    assert set(why["rmse"]) == set(SHARES.values())
    assert why["held_out_days"] == round(239 * 60 / 299)


def test_auto_does_without_trees_where_there_is_too_little(orders):
    few = orders.filter(pl.col("user") < 8)
    model = fitted("auto", few)
    assert model.method == "bgnbd"
    assert "too little history" in model.metrics["auto"]["note"]
    with pytest.raises(DataError, match="too little history for lightgbm"):
        fitted("lightgbm", few)


def test_trees_learn_to_look_as_far_ahead_as_they_will(orders):
    model = fitted("lightgbm", orders, days=1000)
    history = model.metrics["days"]
    assert model.corrections.window == round(history * 1000 / (history + 1000))
    far, near = told(model, orders, days=1000), told(model, orders, days=80)
    assert (far["expected_orders"] >= near["expected_orders"]).mean() > 0.95


def test_trees_find_what_the_model_below_cannot(orders):
    """Customers whose first purchase was dear stop; BG/NBD does not look at money."""
    stops = orders.with_columns(
        first=pl.col("time").min().over("user"),
        dear=pl.col("amount").sort_by("time").first().over("user") > 25,
    ).filter(~pl.col("dear") | (pl.col("time") < pl.col("first") + 30 * DAY))
    known = stops.drop("first", "dear")
    truth = known.filter(pl.col("time") > END).group_by("user").len()
    errors = {}
    for method in ("bgnbd", "lightgbm"):
        found = told(fitted(method, known), known).join(truth, on="user", how="left")
        came = found["len"].fill_null(0).clip(0, 9)
        errors[method] = float(((found["expected_orders"] - came) ** 2).mean())
    assert errors["lightgbm"] < errors["bgnbd"]


def test_one_price_for_all(orders):
    flat = orders.with_columns(amount=pl.lit(5.0))
    found = told(fitted("bgnbd", flat), flat)
    assert np.allclose(found["expected_value"], 5 * found["expected_orders"])


def test_unknown_method(orders):
    with pytest.raises(OptionError, match="bgnbd, lightgbm, auto"):
        fitted("pareto", orders)


def test_damaged_models_are_refused(orders, monkeypatch):
    monkeypatch.setitem(value_corrections.TREES, "leaves", 3)
    good = fitted("lightgbm", orders).stored()
    bad = [
        StoredModel("ltv", "magic", good.arrays, good.values),
        StoredModel("ltv", good.method, good.arrays, {}),
        StoredModel("ltv", good.method, {}, good.values),
        StoredModel("ltv", good.method, good.arrays, {**good.values, "corrections": None}),
        StoredModel("ltv", good.method, good.arrays, {**good.values, "corrections": {}}),
        StoredModel("ltv", good.method, good.arrays, {**good.values, "base": {"orders": {}}}),
    ]
    for one in bad:
        with pytest.raises(ModelError):
            LifetimeValue.restored(one)


def test_purchase_value_of_one_customer():
    history = customer_history(
        pl.DataFrame({"user": [0, 0], "time": [0.0, 9.0 * DAY], "amount": [4.0, 6.0]}),
        as_of=10.0 * DAY,
    )
    model = PurchaseValue.fit(history)
    assert model.expected_spend(history).tolist() == [5.0]
    assert 0 < model.expected_orders(history, 10)[0] < 10
    assert 1 / 1.5 < model.worth(history, 365, 0.5)[0] < 1
