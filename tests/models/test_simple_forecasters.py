"""Naive, seasonal naive and drift against their formulas; batches of series."""

from __future__ import annotations

import numpy as np
import pytest
from series_data import batch

from ecomsql.models import forecasters
from ecomsql.models.series_batch import SeriesBatch

GIVEN = np.array([3.0, 5.0, 4.0, 8.0, 6.0, 7.0, 9.0, 12.0, 10.0])


def answer(name: str, season: int = 1):
    return forecasters.method(name).forecast(batch([GIVEN], season), 6, seed=0)


def test_naive():
    found = answer("naive")
    sigma = np.sqrt(np.mean(np.diff(GIVEN) ** 2))
    np.testing.assert_array_equal(found.mean[0], 10.0)
    np.testing.assert_allclose(found.sd[0], sigma * np.sqrt(np.arange(1, 7)))


def test_seasonal_naive():
    found = answer("seasonal_naive", 4)
    sigma = np.sqrt(np.mean((GIVEN[4:] - GIVEN[:-4]) ** 2))
    np.testing.assert_array_equal(found.mean[0], [7.0, 9.0, 12.0, 10.0, 7.0, 9.0])
    np.testing.assert_allclose(found.sd[0], sigma * np.sqrt([1, 1, 1, 1, 2, 2]))


def test_seasonal_naive_of_less_than_a_season():
    found = answer("seasonal_naive", 12)
    assert found.status == ["shorter than a season"]
    np.testing.assert_array_equal(found.mean[0], 10.0)


def test_drift():
    found, ahead = answer("drift"), np.arange(1, 7)
    slope = (10.0 - 3.0) / 8.0
    sigma = np.sqrt(((np.diff(GIVEN) - slope) ** 2).sum() / 7.0)
    np.testing.assert_allclose(found.mean[0], 10.0 + slope * ahead)
    np.testing.assert_allclose(found.sd[0], sigma * np.sqrt(ahead * (1 + ahead / 8.0)))


def test_batches_are_aligned_to_the_right():
    found = SeriesBatch.of([np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0])], 7)
    np.testing.assert_array_equal(found.values, [[np.nan, 1.0, 2.0], [3.0, 4.0, 5.0]])
    assert found.lengths.tolist() == [2, 3]
    assert found.season.tolist() == [7, 7]
    assert found.take(np.array([0])).values.tolist() == [[1.0, 2.0]]
    assert found.last(2).tolist() == [[1.0, 2.0], [4.0, 5.0]]


def test_before_drops_the_last_values():
    found = SeriesBatch.of([np.arange(5.0), np.arange(3.0)]).before(2)
    np.testing.assert_array_equal(found.values, [[0.0, 1.0, 2.0], [np.nan, np.nan, 0.0]])
    assert found.lengths.tolist() == [3, 1]
    with pytest.raises(ValueError, match="no more than 1"):
        found.before(1)


def test_groups_have_one_season_and_falling_lengths():
    lengths = [3, 9, 4, 7, 2, 8]
    season = np.array([1, 7, 1, 7, 7, 1])
    found = SeriesBatch.of([np.ones(n) for n in lengths], season)
    groups = [rows.tolist() for rows in found.groups(cells=17)]
    assert groups == [[5, 2], [0], [1], [3, 4]]


def test_no_method_is_missing():
    names = {"croston", "drift", "ets", "naive", "seasonal_naive", "theta", "tsb"}
    assert names <= set(forecasters.methods())
