"""Texts of trees: sound ones are read as they are, others are an error before LightGBM sees it."""

from __future__ import annotations

import subprocess
import sys

import lightgbm
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecomsql.errors import ModelError
from ecomsql.models.tree_text import checked_trees


def rows() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(5)
    x = random.random((400, 4))
    x[:, 3] = random.integers(0, 40, 400)
    x[::9, 1] = np.nan
    return x, (x[:, 0] + (x[:, 3] % 3 == 0) > 0.9).astype(float)


def text(objective: str = "binary", rounds: int = 4) -> str:
    x, y = rows()
    settings = {"objective": objective, "verbose": -1, "num_threads": 1, "num_leaves": 6}
    settings |= {"min_data_per_group": 5, "cat_smooth": 1.0}
    if objective == "multiclass":
        settings["num_class"], y = 3, np.arange(len(y)) % 3
    data = lightgbm.Dataset(x, y, categorical_feature=[3])
    return str(lightgbm.train(settings, data, rounds).model_to_string())


SOUND = text()


@pytest.mark.parametrize("objective", ["binary", "regression", "multiclass"])
def test_sound_trees_say_the_same(objective):
    given = text(objective)
    x, _ = rows()
    one, two = (
        lightgbm.Booster(model_str=some).predict(x, num_threads=1)
        for some in (given, checked_trees(given))
    )
    np.testing.assert_array_equal(one, two)


def test_trees_of_one_leaf():
    x, _ = rows()
    booster = lightgbm.train(
        {"objective": "regression", "verbose": -1, "num_threads": 1},
        lightgbm.Dataset(x, np.full(len(x), 3.0)),
        2,
    )
    again = lightgbm.Booster(model_str=checked_trees(booster.model_to_string()))
    np.testing.assert_array_equal(again.predict(x), booster.predict(x))


@pytest.mark.parametrize("share", np.linspace(0.0, 0.999, 60))
def test_cut_off(share):
    cut = SOUND[: int(share * SOUND.index("end of trees"))]
    with pytest.raises(ModelError, match="damaged"):
        checked_trees(cut)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("split_feature=", "split_feature=9"),
        ("left_child=", "left_child=0 "),
        ("num_leaves=", "num_leaves=1"),
        ("num_cat=", "num_cat=1"),
        ("leaf_value=", "leaf_value=x"),
        ("is_linear=0", "is_linear=1"),
        ("cat_boundaries=0", "cat_boundaries=1"),
        ("objective=binary sigmoid:1", "objective=lambdarank"),
        ("max_feature_idx=3", "max_feature_idx=2"),
        ("num_class=1", "num_class=2"),
        ("version=v4", "version=v3"),
        ("Tree=1", "Tree=7"),
    ],
)
def test_forged(was, now):
    assert was in SOUND
    with pytest.raises(ModelError, match="damaged"):
        checked_trees(SOUND.replace(was, now))


def test_a_circle_is_no_tree():
    line = next(one for one in SOUND.split("\n") if one.startswith("left_child="))
    children = line.removeprefix("left_child=").split(" ")
    inner = [at for at, child in enumerate(children) if int(child) > 0]
    children[inner[0]] = "0"
    with pytest.raises(ModelError, match="damaged"):
        checked_trees(SOUND.replace(line, "left_child=" + " ".join(children)))


@settings(max_examples=300, derandomize=True)
@given(st.integers(0, len(SOUND) - 1), st.sampled_from("0123456789- .=\nxT:e"))
def test_another_letter_is_an_error_or_read(at, letter):
    changed = SOUND[:at] + letter + SOUND[at + 1 :]
    try:
        found = checked_trees(changed)
    except ModelError:
        return
    x, _ = rows()
    assert np.isfinite(lightgbm.Booster(model_str=found).predict(x, num_threads=1)).all()


def test_lightgbm_alone_ends_the_process():
    """Why the check is there; when LightGBM reads this without harm, it can go."""
    code = "import lightgbm, sys; lightgbm.Booster(model_str=sys.stdin.read())"
    cut = SOUND[: SOUND.index("Tree=2") + 80]
    done = subprocess.run(
        [sys.executable, "-c", code], input=cut, text=True, capture_output=True, check=False
    )
    assert done.returncode != 0
