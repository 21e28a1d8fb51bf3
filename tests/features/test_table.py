"""Columns of any kind become numbers, the same in training and in scoring."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecomsql.errors import ColumnError, DataError, ModelError
from ecomsql.features.calendar import part_of
from ecomsql.features.row_order import row_order
from ecomsql.features.table import Rows, Schema


def rows(**columns: tuple[str, list]) -> Rows:
    """Return rows from ``name=(SQL type, values)``: numbers, or text for other types."""
    names, types = tuple(columns), tuple(kind for kind, _ in columns.values())
    return Rows(names, types, tuple(column_of(values) for _, values in columns.values()))


def column_of(values: list) -> pa.Array | np.ndarray:
    if any(isinstance(one, str) for one in values):
        return pa.array(values, pa.string())
    return np.array([np.nan if one is None else float(one) for one in values])


def table_of(learned: Rows, asked: Rows | None = None) -> np.ndarray:
    schema = Schema.fit(learned, range(len(learned.names)))
    schema = Schema.restored(json.loads(json.dumps(schema.stored())))
    asked = learned if asked is None else asked
    return schema.table(asked, schema.places(asked.names)).values


def test_numbers_stay_and_infinite_ones_are_missing():
    found = table_of(rows(x=("DOUBLE", [1.5, None, np.inf, -np.inf, 2.0])))
    np.testing.assert_array_equal(found[:, 0], [1.5, np.nan, np.nan, np.nan, 2.0])


def test_texts_are_codes_by_frequency_and_rare_or_new_ones_share_one():
    texts = ["b"] * 5 + ["a"] * 3 + ["c"] * 2 + [None]
    learned = rows(t=("VARCHAR", texts))
    asked = rows(t=("VARCHAR", ["a", "b", "c", "new", "", None]))
    np.testing.assert_array_equal(table_of(learned, asked)[:, 0], [1, 0, 2, 2, 2, np.nan])


def test_columns_that_say_nothing_are_left_out():
    data = rows(
        x=("DOUBLE", [1, 2, 3]),
        same=("INTEGER", [7, 7, 7]),
        empty=("DOUBLE", [None, None, None]),
        ids=("VARCHAR", ["a", "b", "c"]),
        one=("VARCHAR", ["a", "a", "a"]),
        day=("DATE", [0, 0, 0]),
    )
    assert Schema.fit(data, range(6)).names == ["x"]
    with pytest.raises(DataError, match="no column to learn from"):
        Schema.fit(data, [1, 2, 3])


def test_a_gap_alone_is_worth_knowing():
    data = rows(x=("DOUBLE", [7, None, 7]), t=("VARCHAR", ["a", None, "a"]))
    assert Schema.fit(data, [0]).names == ["x"]
    many = rows(t=("VARCHAR", ["a", "a", "a", None]))
    assert Schema.fit(many, [0]).names == ["t"]


def test_times_give_the_parts_that_vary():
    hours = rows(ts=("TIMESTAMP", [0, 3600, 7200]))
    schema = Schema.fit(hours, [0])
    assert schema.features[0].parts == ("second", "hour")
    assert schema.owners.tolist() == [0, 0]


@given(st.integers(-2_000_000_000, 4_000_000_000))
def test_parts_are_those_of_the_calendar(second):
    moment = np.datetime64(second, "s").item()
    parts = [part_of(np.array([float(second)]), one)[0] for one in ("month", "weekday", "hour")]
    assert parts == [moment.month, moment.weekday(), moment.hour]


def test_features_are_found_by_name_in_any_case_and_order():
    learned = rows(x=("DOUBLE", [1, 2]), y=("DOUBLE", [3, 4]))
    asked = rows(more=("DOUBLE", [0, 0]), Y=("DOUBLE", [3, 4]), X=("DOUBLE", [1, 2]))
    np.testing.assert_array_equal(table_of(learned, asked), table_of(learned))
    with pytest.raises(ColumnError, match="lacks what the model learned from: x"):
        Schema.fit(learned, [0, 1]).places(["y", "xx"])


def test_numbers_as_text_and_text_as_numbers():
    numbers = rows(x=("DOUBLE", [1, 2.5]))
    as_text = rows(x=("VARCHAR", ["1", "2.5"]))
    np.testing.assert_array_equal(table_of(numbers, as_text), table_of(numbers))
    with pytest.raises(ModelError, match="'x' is VARCHAR, and the model learned it as a number"):
        table_of(numbers, rows(x=("VARCHAR", ["1", "many"])))
    codes = rows(t=("VARCHAR", ["1"] * 3 + ["2"] * 4))
    as_numbers = rows(t=("INTEGER", [2, 1, 3]))
    np.testing.assert_array_equal(table_of(codes, as_numbers)[:, 0], [0, 1, 2])
    truths = rows(t=("VARCHAR", ["true"] * 3 + ["false"] * 4))
    as_truths = rows(t=("BOOLEAN", [1, 0]))
    np.testing.assert_array_equal(table_of(truths, as_truths)[:, 0], [1, 0])


@pytest.mark.parametrize(
    "stored", [None, [], [{}], [{"name": "x", "kind": "sound", "categories": [], "parts": []}]]
)
def test_damaged_schema_is_refused(stored):
    with pytest.raises(ModelError):
        Schema.restored(stored)


@given(st.permutations(range(12)))
def test_row_order_follows_the_content(order):
    values = np.array([0.0, 1.5, np.nan, -0.0, 3, 3, 7, 8, 9, 1e300, -1, 2])
    other = np.arange(12.0) % 3
    expected = row_order([values, other], seed=1)
    shuffled = np.array(order)
    found = shuffled[row_order([values[shuffled], other[shuffled]], seed=1)]
    np.testing.assert_array_equal(values[found] + 0.0, values[expected] + 0.0)
    np.testing.assert_array_equal(other[found], other[expected])


def test_row_order_depends_on_the_seed():
    values = [np.arange(50.0)]
    assert row_order(values, seed=1).tolist() != row_order(values, seed=2).tolist()
    assert row_order([np.zeros(0)], seed=1).tolist() == []
