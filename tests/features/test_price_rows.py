"""Prices and quantities in order, and controls as numbers."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from ecomsql.errors import DataError
from ecomsql.features.price_rows import (
    PriceRows,
    codes_of,
    control_columns,
    season_columns,
)


def rows_of(order: np.ndarray) -> PriceRows:
    rng = np.random.default_rng(0)
    item, price, quantity = rng.integers(0, 5, 50), rng.uniform(1, 9, 50), rng.uniform(0, 9, 50)
    control = np.where(np.arange(50) == 7, np.nan, rng.normal(size=50))
    return PriceRows.of(
        item[order],
        price[order],
        quantity[order],
        category=np.zeros(6, dtype=np.int64),
        controls=control[None, order],
    )


def test_the_order_of_rows_follows_from_what_they_hold():
    one = rows_of(np.arange(50))
    other = rows_of(np.random.default_rng(1).permutation(50))
    for here, there in zip(one.arrays, other.arrays, strict=True):
        np.testing.assert_array_equal(here, there)
    assert (np.diff(one.item) >= 0).all()


def test_rows_that_lack_a_control_are_left_out():
    found = rows_of(np.arange(50))
    assert len(found) == 49
    assert found.controls.shape == (1, 49)
    assert found.n_items == 6
    assert np.isnan(found.time).all()
    assert np.isnan(found.cost).all()
    few = found.keep(found.item == 2)
    assert set(few.item) == {2}
    assert few.controls.shape == (1, len(few))


def test_controls_are_numbers_or_one_column_for_each_other_value():
    found = control_columns(
        [pa.array(["a", "b", "a", None, "c"]), pa.array([True, False, None, True, True])],
        ["shop", "promotion"],
        ["VARCHAR", "BOOLEAN"],
    )
    np.testing.assert_array_equal(
        np.stack(found),
        [[0, 1, 0, np.nan, 0], [0, 0, 0, np.nan, 1], [1, 0, np.nan, 1, 1]],
    )


def test_a_text_of_one_value_says_only_where_it_is_missing():
    (found,) = control_columns([pa.array(["a", None])], ["shop"], ["VARCHAR"])
    np.testing.assert_array_equal(found, [0.0, np.nan])
    (none,) = control_columns([pa.array([None], pa.string())], ["shop"], ["VARCHAR"])
    assert np.isnan(none).all()


def test_controls_of_too_many_values_or_none_to_speak_of():
    with pytest.raises(DataError, match="'sku' has 201 different values, more than 200"):
        control_columns([pa.array([str(at) for at in range(201)])], ["sku"], ["VARCHAR"])
    with pytest.raises(DataError, match=r"'tags' is VARCHAR\[\], neither"):
        control_columns([pa.array([["a"]])], ["tags"], ["VARCHAR[]"])


def test_seasons_are_a_line_and_eleven_months():
    days = [dt.datetime(2024, month, 15, tzinfo=dt.UTC) for month in range(1, 13)]
    found = season_columns(np.array([day.timestamp() for day in days]))
    assert len(found) == 12
    assert np.diff(found[0]) == pytest.approx(np.full(11, 1 / 12), abs=0.01)
    np.testing.assert_array_equal(np.stack(found[1:]), np.eye(12)[1:])
    before = season_columns(np.array([dt.datetime(1969, 12, 31, tzinfo=dt.UTC).timestamp()]))
    assert before[11].tolist() == [1.0]


def test_codes_are_places_in_order():
    assert codes_of(pa.array(["b", None, "a"])).tolist() == [1, -1, 0]
    assert codes_of(pa.array([None], pa.string())).tolist() == [-1]
