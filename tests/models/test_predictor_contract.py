"""What every predictor over tables must do."""

from __future__ import annotations

import json

import numpy as np
import pytest
from table_data import score, table, target

from ecomsql.errors import ModelError, OptionError
from ecomsql.features.table import Table
from ecomsql.models import tabular
from ecomsql.models.tabular_loss import loss
from ecomsql.models.target import Target

KINDS = ("numbers", "two", "three")
every_method = pytest.mark.parametrize("method", tabular.methods())
every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module")
def fitted():
    """Fit each method on each kind of target once."""
    data, watch = table(), table(seed=9)
    return {
        (method, kind): tabular.method(method).fit(
            data, target(data, kind), seed=3, watch=(watch, target(watch, kind, seed=8))
        )
        for method in tabular.methods()
        for kind in KINDS
    }


@every_method
@every_kind
def test_beats_the_mean_of_rows_it_has_not_seen(fitted, method, kind):
    data = table(seed=5)
    goal = target(data, kind, seed=6)
    if goal.classes:
        shares = np.log(np.bincount(goal.codes) / len(goal))
        naive = np.tile(shares if goal.outputs > 1 else shares[1:] - shares[:1], (len(goal), 1))
    else:
        naive = np.full((len(goal), 1), goal.values.mean())
    assert loss(fitted[method, kind].raw(data), goal) < 0.7 * loss(naive, goal)


@every_method
@every_kind
def test_contributions_add_up_and_find_what_matters(fitted, method, kind):
    data = table(100, seed=5)
    model = fitted[method, kind]
    parts, raw = model.contributions(data), model.raw(data)
    assert parts.shape == (100, raw.shape[1], 4)
    np.testing.assert_allclose(parts.sum(axis=2), raw, atol=1e-5 * np.abs(raw).max())
    assert np.ptp(parts[:, :, -1], axis=0).max() == 0.0
    if raw.shape[1] == 1:
        assert np.corrcoef(parts[:, 0, 0], data.values[:, 0])[0, 1] > 0.9


@every_method
@every_kind
def test_restores_from_its_state(fitted, method, kind):
    model, data = fitted[method, kind], table(50, seed=7)
    arrays, values = model.state()
    again = type(model).from_state(arrays, json.loads(json.dumps(values)))
    np.testing.assert_array_equal(again.raw(data), model.raw(data))
    np.testing.assert_allclose(again.contributions(data), model.contributions(data))


@every_method
def test_same_seed_same_model(method):
    data = table(150)
    goal = target(data, "two")
    one, two = (tabular.method(method).fit(data, goal, seed=4, effort=5.0) for _ in range(2))
    np.testing.assert_array_equal(one.raw(data), two.raw(data))


@every_method
@every_kind
def test_answers_whatever_comes(fitted, method, kind):
    strange = Table(
        np.array([[np.nan, np.nan, np.nan], [1e300, -1e300, 4.0], [0.0, 0.0, 3.0]]), (0, 0, 5)
    )
    model = fitted[method, kind]
    assert np.isfinite(model.raw(strange)).all()
    assert np.isfinite(model.contributions(strange)).all()
    assert model.raw(strange.take(slice(0, 0))).shape[0] == 0


@every_method
@pytest.mark.parametrize("rows", [2, 3])
def test_learns_from_very_few_rows(method, rows):
    data = table(rows)
    goal = Target(np.arange(rows, dtype=np.float64) % 2, 2)
    assert np.isfinite(tabular.method(method).fit(data, goal, seed=0).raw(data)).all()


@every_method
def test_damaged_state_is_refused(fitted, method):
    arrays, values = fitted[method, "two"].state()
    for name in arrays:
        without = {key: array for key, array in arrays.items() if key != name}
        with pytest.raises(ModelError):
            type(fitted[method, "two"]).from_state(without, values)
    with pytest.raises(ModelError):
        type(fitted[method, "two"]).from_state(arrays, {})


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("lightgbm", {"leaves": 1}),
        ("lightgbm", {"learning_rate": 0.0}),
        ("mlp", {"dropout": 1.0}),
        ("mlp", {"layers": 0}),
        ("linear", {"penalty": -1.0}),
    ],
)
def test_options_out_of_range(method, options):
    data = table(30)
    with pytest.raises(OptionError):
        tabular.method(method).fit(data, target(data, "two"), seed=0, **options)


def test_known_answer():
    """The data itself: what a perfect predictor would find."""
    data = table(2000, seed=3)
    assert np.corrcoef(score(data), target(data, "numbers").values)[0, 1] > 0.99
