"""Weights of several predictors, and calibration."""

from __future__ import annotations

import numpy as np

from ecomsql.models.blend import Blend
from ecomsql.models.tabular_loss import loss
from ecomsql.models.target import Target


def two_classes(n: int = 4000) -> tuple[np.ndarray, Target]:
    random = np.random.default_rng(0)
    odds = random.normal(size=n) * 2
    happened = random.random(n) < 1 / (1 + np.exp(-odds))
    return odds[:, None], Target(happened.astype(float), 2)


def test_scores_that_are_too_sure_are_drawn_back():
    odds, goal = two_classes()
    blend = Blend.fit([3.0 * odds + 1.0], goal)
    assert abs(blend.weights[0] - 1 / 3) < 0.03
    assert abs(blend.shift[0] + 1 / 3) < 0.08


def test_noise_is_left_out_and_good_ones_are_shared():
    odds, goal = two_classes()
    random = np.random.default_rng(1)
    one, two, noise = (odds + random.normal(size=odds.shape) for _ in range(3))
    blend = Blend.fit([one, two, noise - odds], goal)
    assert blend.weights[2] == 0.0
    assert abs(blend.weights[0] - blend.weights[1]) < 0.1
    assert loss(blend([one, two, noise]), goal) < min(loss(one, goal), loss(two, goal))


def test_one_predictor_of_numbers_is_left_as_it_is():
    blend = Blend.fit([np.arange(5.0)[:, None]], Target(np.arange(5.0) * 2, 0))
    np.testing.assert_array_equal(blend([np.ones((2, 1))]), [[1.0], [1.0]])


def test_numbers_are_combined_by_least_squares():
    random = np.random.default_rng(2)
    truth = random.normal(size=2000) * 10
    raws = [(truth + random.normal(size=2000) * spread)[:, None] for spread in (1.0, 2.0)]
    blend = Blend.fit(raws, Target(truth, 0))
    np.testing.assert_allclose(blend.weights, [0.8, 0.2], atol=0.03)
