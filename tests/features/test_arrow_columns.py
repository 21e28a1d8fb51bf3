"""Columns of every SQL type become the numbers and texts that SQL's own casts give."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from ecomsql.features.arrow_columns import numbers_of, texts_of


def column_of(values: str) -> pa.Array:
    """Return a column of SQL values as Arrow, in pieces that do not start at 0."""
    with duckdb.connect() as con:
        found = con.sql(f"SELECT unnest([NULL, {values}]) AS x").to_arrow_table()
    return found["x"].combine_chunks()[1:]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("1::TINYINT, NULL, -3::TINYINT", [1, np.nan, -3]),
        ("1::BIGINT, 2::BIGINT", [1, 2]),
        ("1::HUGEINT, NULL", [1, np.nan]),
        ("1.25::DECIMAL(9,2), -0.5::DECIMAL(9,2), NULL", [1.25, -0.5, np.nan]),
        ("1.5::FLOAT, 'inf'::FLOAT, 'nan'::FLOAT", [1.5, np.inf, np.nan]),
        ("true, false, NULL", [1, 0, np.nan]),
        ("DATE '1970-01-02', NULL, DATE '1969-12-31'", [86400, np.nan, -86400]),
        ("DATE 'infinity', DATE '-infinity'", [np.inf, -np.inf]),
        ("TIMESTAMP '1970-01-01 00:00:01.5', NULL", [1.5, np.nan]),
        ("TIMESTAMP 'infinity', TIMESTAMP '-infinity'", [np.inf, -np.inf]),
        ("TIMESTAMP_S '1970-01-01 00:01:00', TIMESTAMP_S '1970-01-01'", [60, 0]),
        ("TIMESTAMP_MS '1970-01-01 00:00:00.25'", [0.25]),
        ("TIMESTAMP_NS '1970-01-01 00:00:00.5', NULL", [0.5, np.nan]),
        ("TIMESTAMPTZ '1970-01-01 01:00:00+01'", [0]),
        (
            "INTERVAL 2 DAY, INTERVAL 1 MONTH, NULL, INTERVAL '-1' HOUR",
            [172800, 2592000, np.nan, -3600],
        ),
        ("'a', NULL", [np.nan, np.nan]),
        ("[1], [2]", [np.nan, np.nan]),
    ],
)
def test_numbers(values, expected):
    np.testing.assert_allclose(numbers_of(column_of(values)), expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("'a', NULL, '', 'ü'", ["a", None, "", "ü"]),
        ("'b'::ENUM('a','b'), NULL", ["b", None]),
        ("'0b1f2e3d-0000-4000-8000-000000000001'::UUID", ["0b1f2e3d-0000-4000-8000-000000000001"]),
        ("TIME '10:00:00', TIME '10:30:00.250', NULL", ["10:00:00", "10:30:00.25", None]),
        ("1, 2", [None, None]),
        ("{'a': 1}", [None]),
    ],
)
def test_texts(values, expected):
    assert texts_of(column_of(values)).to_pylist() == expected


def test_a_column_of_nothing():
    assert np.isnan(numbers_of(pa.nulls(3))).all()
    assert len(numbers_of(pa.array([], pa.timestamp("us")))) == 0
    assert texts_of(pa.nulls(2)).to_pylist() == [None, None]
