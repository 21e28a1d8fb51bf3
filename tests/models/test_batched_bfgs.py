"""The minimiser of many functions at once."""

from __future__ import annotations

import numpy as np
import pytest

from ecomsql.models.batched_bfgs import minimise

FREE = np.full(2, np.inf)


def bananas(points: np.ndarray, lanes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rosenbrock's function, one steeper than the other; the lowest points are (1, 1)."""
    steep = 1.0 + lanes
    x, y = points.T
    bend = y - x**2
    values = (1 - x) ** 2 + steep * bend**2
    slopes = [-2 * (1 - x) - 4 * steep * bend * x, 2 * steep * bend]
    return values, np.stack(slopes, axis=1)


def test_finds_the_lowest_points():
    start = np.tile([-1.2, 1.0], (20, 1))
    hessians = np.tile(np.eye(2) * 0.1, (20, 1, 1))
    found, values, _ = minimise(
        bananas, start, hessians, targets=np.full(20, np.inf), widest=FREE, near=1e-10, rounds=150
    )
    np.testing.assert_allclose(found, 1.0, atol=1e-3)
    assert values.max() < 1e-6


def test_lanes_do_not_depend_on_each_other():
    start = np.random.default_rng(0).normal(size=(9, 2))
    eye = np.eye(2)[None] * 0.1
    options = {"widest": FREE, "near": 1e-8, "rounds": 40}
    together, *_ = minimise(
        bananas, start, np.tile(eye, (9, 1, 1)), targets=np.full(9, np.inf), **options
    )
    for lane in range(9):

        def one(points, lanes, lane=lane):
            return bananas(points, lanes + lane)

        alone, *_ = minimise(one, start[[lane]], eye.copy(), targets=np.array([np.inf]), **options)
        np.testing.assert_allclose(together[lane], alone[0], rtol=1e-9)


def test_gives_up_what_cannot_be_reached():
    asked = []

    def counted(points, lanes):
        asked.append(len(lanes))
        return bananas(points, lanes)

    start = np.tile([-1.2, 1.0], (4, 1))
    targets = np.array([np.inf, -1e6, -1e6, -1e6])
    minimise(counted, start, np.tile(np.eye(2) * 0.1, (4, 1, 1)), targets=targets, widest=FREE)
    assert asked[0] == 4
    assert asked[2] == 1


def test_a_start_that_is_not_defined_stays():
    def nowhere(points, lanes):
        return np.full(len(points), np.inf), np.zeros_like(points)

    start = np.ones((2, 2))
    found, values, _ = minimise(
        nowhere, start, np.tile(np.eye(2), (2, 1, 1)), targets=np.full(2, np.inf), widest=FREE
    )
    np.testing.assert_array_equal(found, start)
    assert np.isinf(values).all()


def test_steps_are_no_longer_than_told():
    seen = []

    def line(points, lanes):
        seen.append(points[0].copy())
        return points[:, 0] * -1000.0, np.tile([-1000.0, 0.0], (len(points), 1))

    minimise(
        line,
        np.zeros((1, 2)),
        np.eye(2)[None],
        targets=np.array([np.inf]),
        widest=np.array([0.5, np.inf]),
        rounds=3,
    )
    assert np.diff([one[0] for one in seen]) == pytest.approx([0.5] * 3)
