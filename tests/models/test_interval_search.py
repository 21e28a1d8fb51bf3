"""Intervals are those of a binary search, whatever the bounds and values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecomsql.models.interval_search import CROWD, IntervalSearch

finite = st.floats(-1.7e308, 1.7e308)


def searched(bounds: list[np.ndarray], values: np.ndarray) -> np.ndarray:
    return np.stack([np.searchsorted(b, v) for b, v in zip(bounds, values, strict=True)])


@settings(deadline=None)
@given(st.lists(finite, min_size=1, max_size=300, unique=True), st.lists(finite, max_size=50))
def test_any_bounds_and_values(bounds, values):
    column = np.unique(np.array(bounds))
    near = [np.nextafter(column, -np.inf), column, np.nextafter(column, np.inf)]
    asked = np.concatenate([*near, values, [np.inf, -np.inf, 0.0, -0.0]])[None, :]
    np.testing.assert_array_equal(IntervalSearch([column])(asked), searched([column], asked))


@pytest.mark.parametrize("spread", ["uniform", "money", "whole", "outlier", "tiny", "two sides"])
def test_columns_of_many_shapes_at_once(spread):
    random = np.random.default_rng(1)
    columns = {
        "uniform": random.uniform(0, 100, 255),
        "money": np.round(random.lognormal(3, 2, 255), 2),
        "whole": np.arange(40) + 0.5,
        "outlier": np.append(random.normal(size=200), 1e12),
        "tiny": np.array([-1e-35, 1e-35, 1.0, 2.0]),
        "two sides": random.standard_cauchy(255) * 1e4,
    }
    bounds = [np.unique(columns[spread]), np.unique(columns["uniform"])]
    asked = np.stack([random.choice(one, 4000) + random.normal(size=4000) for one in bounds])
    found = IntervalSearch(bounds)
    np.testing.assert_array_equal(found(asked), searched(bounds, asked))
    assert bool(found._searched) == (spread in ("outlier", "two sides"))


def test_crowded_bounds_are_searched_for():
    close = 1.0 + np.arange(CROWD + 20) * 1e-15
    bounds = [np.concatenate([[-1e300], close, [1e300]])]
    asked = np.concatenate([close, [0.0, 2.0, np.nan, -np.inf, np.inf]])[None, :]
    found = IntervalSearch(bounds)
    assert found._searched
    told = ~np.isnan(asked)
    np.testing.assert_array_equal(found(asked)[told], searched(bounds, asked)[told])


def test_nan_gives_a_place_that_is_there():
    bounds = [np.array([0.0, 1.0]), np.array([5.0])]
    found = IntervalSearch(bounds)(np.array([[np.nan, -np.nan], [np.nan, 7.0]]))
    assert ((found >= 0) & (found <= [[2], [1]])).all()
    assert found[1, 1] == 1
