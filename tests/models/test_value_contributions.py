"""Explanations of lifetime value: they add up, and are what Shapley's formula says."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import permutations

import numpy as np
import polars as pl
import pytest

from ecomsql.errors import ModelError
from ecomsql.features.calendar import DAY
from ecomsql.features.customer_history import customer_history
from ecomsql.models.blend import Blend
from ecomsql.models.lifetime_fitting import fit_lifetime_value
from ecomsql.models.lifetime_value import LifetimeValue
from ecomsql.models.value_contributions import INPUTS, _above
from ecomsql.storage import StoredModel, from_blob, to_blob

END = 240 * DAY
METHODS = ("bgnbd", "lightgbm")


def shop(seed: int, *, users: int = 300) -> pl.DataFrame:
    """Return orders of customers with their own pace and spend, some of whom leave or return."""
    random = np.random.default_rng(seed)
    rows = []
    for user in range(users):
        first = random.uniform(0, 220)
        count = random.poisson(random.gamma(1.0, 4.0))
        times = first + np.append(0.0, random.uniform(0, 240 - first, count))
        if random.random() < 0.4:
            times = times[times < first + 30]
        amounts = random.gamma(2.0, 10.0 + 5 * (user % 7), len(times))
        rows += [(user, at * DAY, money) for at, money in zip(times, amounts, strict=True)]
        if random.random() < 0.1:
            rows.append((user, (first + 1) * DAY, -500.0))
    return pl.DataFrame(rows, ["user", "time", "amount"], orient="row")


@pytest.fixture(scope="module")
def orders() -> pl.DataFrame:
    return shop(0)


@pytest.fixture(scope="module")
def models(orders) -> dict[str, LifetimeValue]:
    found = {
        method: fit_lifetime_value(method, orders, as_of=END, days=60, seed=1) for method in METHODS
    }
    trees = found["lightgbm"]
    found["blend"] = replace(trees, share=0.5)
    return found


@pytest.mark.parametrize("method", [*METHODS, "blend"])
@pytest.mark.parametrize(("days", "discount"), [(60, 0.0), (7, 0.0), (365, 0.15)])
@pytest.mark.parametrize("seed", [0, 1])
def test_base_and_contributions_are_the_expected_value(models, method, days, discount, seed):
    model = models[method]
    # Of customers learned from, and of others.
    history = customer_history(shop(seed, users=120), as_of=END)
    told = model.predict(history, days=days, discount=discount)["expected_value"].to_numpy()
    found, base = model.explained(history, days=days, discount=discount)
    total = base + found.contributions.sum(axis=1)
    assert np.abs(total - told).max() <= 1e-9 * max(1.0, told.max())
    assert np.allclose(total[told > 1e-3], told[told > 1e-3], rtol=1e-9, atol=0)
    assert np.ptp(told) > 1
    assert found.features[:4] == list(INPUTS)
    assert found.values.shape == found.contributions.shape


def test_what_falls_below_nothing_is_cut_off(models):
    """Trees that take away more than is expected: 0, and the contributions say so."""
    trees = models["lightgbm"]
    low = replace(trees.corrections.value, blend=Blend(np.array([1.0]), np.array([-40.0])))
    model = replace(trees, corrections=replace(trees.corrections, value=low))
    history = customer_history(shop(0), as_of=END)
    told = model.predict(history, days=60, discount=0.0)["expected_value"].to_numpy()
    assert 0.1 < (told == 0).mean() < 0.95
    found, base = model.explained(history, days=60, discount=0.0)
    total = base + found.contributions.sum(axis=1)
    assert np.abs(total - told).max() < 1e-9 * told.max()


def test_share_of_the_way_above_nothing():
    ends = np.array([3.0, -1.0, 1.0])
    assert _above(1.0, ends).tolist() == [1.0, 0.5, 1.0]
    assert _above(-1.0, ends).tolist() == [0.75, 0.0, 0.5]
    assert _above(0.0, np.zeros(1)).tolist() == [1.0]


def test_bgnbd_is_explained_by_shapley_values(models, orders):
    """Against the mean over all orders of the inputs, of `predict` on made-up customers."""
    model = models["bgnbd"]
    history = customer_history(orders, as_of=END).head(20)
    average = {name: model.average[name] for name in INPUTS}

    @cache
    def worth(known: frozenset[str]) -> np.ndarray:
        mixed = history.with_columns(
            pl.lit(average[one]).alias(one) for one in average.keys() - known
        )
        return model.predict(mixed, days=90, discount=0.1)["expected_value"].to_numpy()

    expected = np.zeros((20, 4))
    for order in permutations(range(4)):
        known: frozenset[str] = frozenset()
        for place in order:
            more = known | {INPUTS[place]}
            expected[:, place] += (worth(more) - worth(known)) / 24
            known = more
    found, base = model.explained(history, days=90, discount=0.1)
    assert np.allclose(found.contributions, expected, atol=1e-10)
    assert base == pytest.approx(worth(frozenset())[0], rel=1e-12)


def test_the_average_customer_has_nothing_to_explain(models, orders):
    model = models["bgnbd"]
    history = customer_history(orders, as_of=END)
    for name in INPUTS:
        assert model.average[name] == pytest.approx(history[name].mean())
    one = history.head(1).with_columns(pl.lit(model.average[name]).alias(name) for name in INPUTS)
    found, base = model.explained(one, days=60, discount=0.0)
    assert found.contributions.tolist() == [[0.0] * 4]
    assert base == model.metrics["base"]


def test_trees_add_what_treeshap_says_of_them(models, orders):
    """Features that BG/NBD does not look at get TreeSHAP alone, within the days of training."""
    model = models["lightgbm"]
    trees = model.corrections
    history = customer_history(orders, as_of=END)
    shap = trees.value.contributions(trees.table(history, model.base))
    found, base = model.explained(history, days=trees.window, discount=0.0)
    told = model.predict(history, days=trees.window, discount=0.0)["expected_value"].to_numpy()
    above = told > 0
    for place, name in enumerate(trees.value.schema.names):
        if name not in INPUTS:
            at = found.features.index(name)
            assert np.allclose(found.contributions[above, at], shap[above, place])
    assert base > 0


def test_what_matters_is_known(models):
    for method in METHODS:
        found = models[method].importances["permutation"]
        assert set(INPUTS) <= set(found)
        assert max(found, key=found.get) in ("frequency", "age", "recency")
        assert "user" not in found
    assert set(models["bgnbd"].importances) == {"permutation"}
    gains = models["lightgbm"].importances["gain"]
    assert min(gains.values()) >= 0
    assert max(gains.values()) > 0


def test_a_restored_model_explains_the_same(models, orders):
    history = customer_history(orders, as_of=END)
    for method in METHODS:
        model = models[method]
        again = LifetimeValue.restored(from_blob(to_blob(model.stored()), tasks=("ltv",)))
        one, other = (
            each.explained(history, days=30, discount=0.0)[0].contributions
            for each in (model, again)
        )
        assert np.array_equal(one, other)
        assert again.importances == model.importances


def test_models_of_earlier_versions_say_so(models, orders):
    stored = models["bgnbd"].stored()
    values = {k: v for k, v in stored.values.items() if k not in ("average", "importance")}
    old = LifetimeValue.restored(StoredModel("ltv", stored.method, stored.arrays, values))
    history = customer_history(orders, as_of=END)
    assert len(old.predict(history, days=30, discount=0.0)) == len(history)
    assert old.importances == {}
    with pytest.raises(ModelError, match="an earlier version made the model"):
        old.explained(history, days=30, discount=0.0)


@pytest.mark.parametrize(
    "average", [{"frequency": 1.0}, {"frequency": "x"}, 3, {"age": float("nan")}]
)
def test_a_damaged_average_is_refused(models, average):
    stored = models["bgnbd"].stored()
    broken = StoredModel("ltv", "bgnbd", stored.arrays, {**stored.values, "average": average})
    with pytest.raises(ModelError):
        LifetimeValue.restored(broken)
