"""Values at steps become series without gaps."""

from __future__ import annotations

import numpy as np

from ecomsql.features.series_grid import MOST, series_on_grid

CODES = np.array([1, 0, 1, 0, 1])
PLACES = np.array([5, 2, 3, 4, 9])
VALUES = np.array([50.0, 2.0, 30.0, 4.0, 90.0])


def test_gaps_are_zero_or_on_a_straight_line():
    first, second = series_on_grid(CODES, PLACES, VALUES, total=True)
    np.testing.assert_array_equal(first, [2, 0, 4])
    np.testing.assert_array_equal(second, [30, 0, 50, 0, 0, 0, 90])
    first, second = series_on_grid(CODES, PLACES, VALUES, total=False)
    np.testing.assert_array_equal(first, [2, 3, 4])
    np.testing.assert_array_equal(second, [30, 40, 50, 60, 70, 80, 90])


def test_the_order_of_the_rows_does_not_matter():
    turned = np.array([4, 2, 0, 1, 3])
    told = series_on_grid(CODES[turned], PLACES[turned], VALUES[turned], total=False)
    for one, other in zip(told, series_on_grid(CODES, PLACES, VALUES, total=False), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_value_long_ago_takes_no_memory():
    [series] = series_on_grid(
        np.zeros(3, dtype=np.int64),
        np.array([-(10**12), 0, 1]),
        np.array([9.0, 1.0, 2.0]),
        total=True,
    )
    assert len(series) <= MOST
    np.testing.assert_array_equal(series[-2:], [1, 2])
