"""Validation is of rows that were held out; choices are made by it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from table_data import table, target

from ecomsql.errors import ModelError, OptionError
from ecomsql.features.table import Feature, Schema, Table
from ecomsql.models.table_fitting import fit_table
from ecomsql.models.table_model import TableModel
from ecomsql.models.target import Target
from ecomsql.storage import from_blob, to_blob

SCHEMA = Schema(
    (Feature("x", "number"), Feature("y", "number"), Feature("c", "category", tuple("abcd")))
)
NAMES = {"numbers": (), "two": ("no", "yes"), "three": ("few", "some", "many")}


def fitted(kind: str, method: str = "lightgbm", **more) -> TableModel:
    data = table(300)
    goal = target(data, kind)
    return fit_table(method, SCHEMA, data, goal, classes=NAMES[kind], seed=1, **more)


def test_noise_is_learned_and_the_validation_says_so():
    """What is known of a row's label cannot come from the row itself."""
    random = np.random.default_rng(0)
    data = Table(random.normal(size=(300, 3)), (0, 0, 0))
    noise = Target((random.random(300) < 0.5).astype(float), 2)
    schema = Schema(tuple(Feature(name, "number") for name in "abc"))
    options = {"min_rows": 2, "learning_rate": 0.3}
    model = fit_table(
        "lightgbm", schema, data, noise, classes=("no", "yes"), seed=1, options=options
    )
    assert model.metrics["validation"]["auc"] < 0.6
    assert model.metrics["train"]["auc"] > model.metrics["validation"]["auc"] + 0.1


def test_a_leaked_label_shows_as_too_good():
    random = np.random.default_rng(0)
    label = (random.random(300) < 0.5).astype(float)
    data = Table(np.stack([random.normal(size=300), label], axis=1), (0, 0))
    schema = Schema((Feature("x", "number"), Feature("leak", "number")))
    model = fit_table("linear", schema, data, Target(label, 2), classes=("no", "yes"), seed=1)
    assert model.metrics["validation"]["auc"] == 1.0
    assert model.importance["permutation"].argmax() == 1


@pytest.mark.parametrize("kind", NAMES)
def test_restores_from_a_blob(kind):
    model, asked = fitted(kind, "auto"), table(40, seed=2)
    again = TableModel.restored(from_blob(to_blob(model.stored()), tasks=TableModel.TASKS))
    for one, two in zip(model.predict(asked), again.predict(asked), strict=True):
        np.testing.assert_array_equal(one, two)
    np.testing.assert_allclose(model.contributions(asked), again.contributions(asked))
    assert again.metrics == json.loads(json.dumps(model.metrics))
    assert set(again.importance) == set(model.importance)


def test_auto_is_no_worse_than_its_candidates():
    found = fitted("two", "auto").metrics
    best = min(found["candidates"].values())
    assert found["validation"]["log_loss"] <= best + 1e-3
    assert set(found["candidates"]) == {"lightgbm", "linear", "mlp"}


def test_probabilities_are_calibrated():
    model = fitted("two")
    assert model.metrics["validation"]["calibration_error"] < 0.08


def test_options_of_one_method_go_to_it_alone():
    assert fitted("two", "auto", options={"leaves": 3}).metrics["candidates"]
    with pytest.raises(OptionError, match="method 'linear' has no option 'leaves'"):
        fitted("two", "linear", options={"leaves": 3})
    with pytest.raises(OptionError, match="no option 'effort'"):
        fitted("two", "linear", options={"effort": 3})


def test_tuning_keeps_what_was_given():
    model = fitted("two", tune=True, options={"leaves": 5})
    assert model.metrics["options"]["lightgbm"]["leaves"] == 5


@pytest.mark.parametrize("rows", [2, 3, 9, 10, 11])
@pytest.mark.parametrize("method", ["auto", "lightgbm", "mlp", "linear"])
def test_few_rows(rows, method):
    data = table(rows)
    goal = Target(np.arange(rows) % 2.0, 2)
    model = fit_table(method, SCHEMA, data, goal, classes=("no", "yes"), seed=1)
    assert np.isfinite(model.raw(data)).all()


def test_damaged_parts_are_refused():
    stored = fitted("two").stored()
    stored.arrays["blend.shift"] = np.zeros(3)
    with pytest.raises(ModelError, match="do not fit together"):
        TableModel.restored(stored)
    del stored.arrays["blend.shift"]
    with pytest.raises(ModelError, match="lacks"):
        TableModel.restored(stored)
