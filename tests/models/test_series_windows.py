"""Windows of series show nothing of what comes after them."""

from __future__ import annotations

import numpy as np
import pytest
from global_data import GLOBAL, trained, walks

from ecomsql.models.error_growth import ErrorGrowth
from ecomsql.models.known_ahead import Known
from ecomsql.models.series_batch import SeriesBatch
from ecomsql.models.series_held_back import HeldBack
from ecomsql.models.series_tree_inputs import TreeInputs, inputs_of
from ecomsql.models.series_windows import Windows, without_season


def batch(seed: int = 0) -> SeriesBatch:
    lengths = (3, 12, 40, 25)
    return SeriesBatch.of([one[:n] for one, n in zip(walks(4, 40, seed), lengths, strict=True)], 4)


def changed_after(known: int) -> tuple[SeriesBatch, SeriesBatch]:
    """Return series, and the same with other values after the first `known`."""
    series = walks(4, 40)
    other = [np.append(one[:known], 9.0 - one[known:]) for one in series]
    return SeriesBatch.of(series, 4), SeriesBatch.of(other, 4)


def test_a_window_is_in_units_from_the_last_value():
    windows = Windows(SeriesBatch.of([np.array([1.0, 3.0, 3.0, 7.0, 8.0])]), 3, 2)
    cut = windows.cut(np.array([0, 0]), np.array([3, 4]))
    np.testing.assert_array_equal(cut.last, [3.0, 7.0])
    # Steps within windows and ever: 1 and 1; then 2 and 2.
    np.testing.assert_array_equal(cut.unit, [1.0, 2.0])
    np.testing.assert_array_equal(cut.past, [[-2.0, 0.0, 0.0], [-2.0, -2.0, 0.0]])
    np.testing.assert_array_equal(cut.ahead, [[4.0, 5.0], [0.5, np.nan]])


def test_a_window_in_front_of_the_series_is_empty():
    cut = Windows(batch(), 8, 2).cut(np.array([0, 1]), np.array([1, 3]))
    np.testing.assert_array_equal(np.isfinite(cut.past).sum(axis=1), [0, 3])
    assert cut.unit[0] == 0.0


@pytest.mark.parametrize("known", [5, 20, 39])
def test_nothing_after_a_window_is_seen_in_it(known):
    rows, at = np.arange(4), np.full(4, known)
    one, other = (Windows(each, 10, 3).cut(rows, at) for each in changed_after(known))
    for name in ("past", "last", "unit", "ratio"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    step = np.array([1, 2, 3, 1])
    told, twin = (
        TreeInputs(Windows(each, 10, 3)).rows(rows, at, step)[0] for each in changed_after(known)
    )
    np.testing.assert_array_equal(told, twin)


def test_of_what_is_known_only_the_step_ahead_is_seen():
    series, known = batch(), np.random.default_rng(0).normal(size=(4, 43, 2))
    rows, at, step = np.array([2]), np.array([30]), np.array([2])
    told = TreeInputs(Windows(series, 10, 3), known).rows(rows, at, step)[0]
    assert told.shape == (1, inputs_of(2))
    other = known.copy()
    other[2, 32:], other[2, 30] = 9.0, 9.0
    twin = TreeInputs(Windows(series, 10, 3), other).rows(rows, at, step)[0]
    np.testing.assert_array_equal(told, twin)
    other[2, 31] = 9.0
    assert (TreeInputs(Windows(series, 10, 3), other).rows(rows, at, step)[0] != told).any()


def test_what_is_held_back_follows_the_rest():
    series = batch()
    beside = np.arange(4 * 40.0).reshape(4, 40, 1)
    held = HeldBack.of(series, 5)
    np.testing.assert_array_equal(held.held, [1, 4, 5, 5])
    for row, length in enumerate(series.lengths):
        whole, n = series.values[row, 40 - length :], held.held[row]
        np.testing.assert_array_equal(held.rest.values[row, -(length - n) :], whole[: length - n])
        np.testing.assert_array_equal(held.ahead[row, :n], whole[length - n :])
        assert np.isnan(held.ahead[row, n:]).all()
        assert np.isnan(held.rest.values[row, : -(length - n)]).all()
        told = held.beside(Known(beside, beside[:, :5]))[row, 35 - length + n : 35 + n, 0]
        np.testing.assert_array_equal(told, beside[row, 40 - length :, 0])


def test_the_season_is_that_of_the_past_alone():
    one, other = changed_after(35)
    rest, after = without_season(one.before(5), one.values[:, 35:])
    twin, _ = without_season(other.before(5), other.values[:, 35:])
    np.testing.assert_array_equal(rest.values, twin.values)
    np.testing.assert_allclose(after[:, 0] - one.values[:, 35], 0.0, atol=5.0)


@pytest.mark.parametrize("method", GLOBAL)
def test_a_model_knows_nothing_of_what_comes_after_the_cut(method):
    one, other = (trained(method, each.before(5), 5) for each in changed_after(35))
    assert one.to_bytes() == other.to_bytes()


def test_a_model_knows_nothing_of_what_is_known_ahead():
    past = np.random.default_rng(0).normal(size=(4, 40, 1))
    one, other = (
        trained("lightgbm", batch(), 5, known=Known(past, np.full((4, 5, 1), value)))
        for value in (0.0, 7.0)
    )
    assert one.to_bytes() == other.to_bytes()


def test_errors_grow_as_those_seen():
    random = np.random.default_rng(1)
    found = ErrorGrowth.of(random.normal(size=(3000, 12)).cumsum(axis=1) * 2.0)
    assert found.power == pytest.approx(0.5, abs=0.05)
    assert found.size == pytest.approx(2.0, rel=0.1)
    assert ErrorGrowth.of(np.full((3, 4), np.nan)) == ErrorGrowth()
    assert ErrorGrowth.of(np.zeros((30, 4))).size == 0.0
    assert ErrorGrowth.of(random.normal(size=(3000, 12))).power == pytest.approx(0.0, abs=0.05)
