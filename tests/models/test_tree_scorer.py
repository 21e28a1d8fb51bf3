"""Scores of all trees at once are those of LightGBM."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from ecomsql.models.tree_scorer import TreeScorer

COLUMNS = 6


def rows(n: int, seed: int, *, gaps: bool) -> np.ndarray:
    random = np.random.default_rng(seed)
    values = random.normal(size=(n, COLUMNS))
    values[:, 1] = np.round(values[:, 1])
    values[:, 2] = random.integers(0, 30, n)
    values[:, 3] = np.abs(values[:, 3]) + 1.0
    if gaps:
        values[random.random(values.shape) < 0.1] = np.nan
    return values


def booster(leaves: int, *, gaps: bool, classes: int = 2, trees: int = 40) -> lightgbm.Booster:
    values = rows(1500, 0, gaps=gaps)
    filled = np.nan_to_num(values)
    score = filled[:, 0] + np.sin(filled[:, 2]) + filled[:, 1] * filled[:, 3]
    goal = np.digitize(score, np.quantile(score, np.linspace(0, 1, classes + 1)[1:-1]))
    settings = {"num_leaves": leaves, "min_data_in_leaf": 3, "verbosity": -1, "num_threads": 1}
    kind = {"objective": "binary"} if classes == 2 else {"objective": "multiclass"}
    if classes > 2:
        kind["num_class"] = classes
    data = lightgbm.Dataset(values, goal, categorical_feature=[2], params={"verbosity": -1})
    return lightgbm.train({**settings, **kind}, data, trees)


@pytest.mark.parametrize("leaves", [2, 16, 17, 33, 64])
@pytest.mark.parametrize("trained_with_gaps", [True, False])
def test_scores_are_those_of_lightgbm(leaves, trained_with_gaps):
    model = booster(leaves, gaps=trained_with_gaps)
    asked = rows(3000, 1, gaps=True)
    # Codes that training never had, values at the splits themselves, and far beyond them.
    asked[:50, 2] = np.arange(50)
    asked[50:60, 0] = [0.0, -0.0, 1e300, -1e300, 1e-300, -1e-300, 1.0, -1.0, 0.5, -0.5]
    for column, bounds in split_values(model).items():
        asked[100 : 100 + len(bounds), column] = bounds[:900]
    expected = model.predict(asked, raw_score=True)
    found = TreeScorer(model.dump_model())(asked)
    np.testing.assert_allclose(found[:, 0], expected, rtol=0, atol=1e-12)


def split_values(model: lightgbm.Booster) -> dict[int, list[float]]:
    found: dict[int, list[float]] = {}

    def walk(node):
        if "split_feature" in node:
            if node["decision_type"] == "<=":
                found.setdefault(node["split_feature"], []).append(node["threshold"])
            walk(node["left_child"])
            walk(node["right_child"])

    for tree in model.dump_model()["tree_info"]:
        walk(tree["tree_structure"])
    return {column: bounds[:900] for column, bounds in found.items()}


def test_several_classes():
    model = booster(8, gaps=True, classes=4)
    asked = rows(1000, 2, gaps=True)
    expected = model.predict(asked, raw_score=True)
    np.testing.assert_allclose(TreeScorer(model.dump_model())(asked), expected, atol=1e-12)


def test_no_rows_and_trees_without_a_split():
    model = booster(8, gaps=True)
    assert TreeScorer(model.dump_model())(np.zeros((0, COLUMNS))).shape == (0, 1)
    flat = lightgbm.train(
        {"objective": "regression", "verbosity": -1},
        lightgbm.Dataset(np.zeros((50, 1)), np.arange(50.0), params={"verbosity": -1}),
        3,
    )
    asked = np.zeros((4, 1))
    found = TreeScorer(flat.dump_model())(asked)[:, 0]
    np.testing.assert_allclose(found, flat.predict(asked))


def test_more_leaves_than_bits_are_refused():
    with pytest.raises(ValueError, match="more than 64"):
        TreeScorer(booster(100, gaps=False).dump_model())
