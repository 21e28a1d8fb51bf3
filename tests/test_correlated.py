"""Functions in queries that call them for each row of another relation."""

from __future__ import annotations

import pyarrow as pa
import pytest

import ecomsql
from ecomsql.udf import _records, udf

OUTER = {
    "several": "(SELECT unnest([0, 1, 2, 3]) AS shop)",
    "one": "(SELECT 2 AS shop)",
    "none": "(SELECT 1 AS shop WHERE false)",
}
CALLS = {
    "forecast_price": "forecast_price(s, horizon := 2, method := 'naive')",
    "detect_anomalies": "detect_anomalies(s)",
    "decompose_series": "decompose_series(s)",
    "plan_inventory": "plan_inventory(s, method := 'naive')",
    "backtest_forecast": "backtest_forecast(s, horizon := 2, windows := 1, methods := ['naive'])",
    "train_forecaster": "train_forecaster(s, method := 'naive')",
    "price_elasticity": "price_elasticity(s)",
    "optimize_price": "optimize_price(s, unit_cost := 2)",
    "recommend": "recommend(s, method := 'popular', exclude_seen := false)",
    "predict_ltv": "predict_ltv(s, method := 'bgnbd')",
}


@pytest.fixture(scope="module")
def con():
    with ecomsql.connect() as connection:
        connection.execute(
            "CREATE TABLE sales AS SELECT d % 5 AS item_id, d % 7 AS user_id, d AS order_id, "
            "DATE '2024-01-01' + (d // 5)::INTEGER AS ts, 5 + hash(d) % 3 AS price, "
            "1 + hash(d) % 4 AS quantity FROM range(400) AS _(d)"
        )
        yield connection


@pytest.mark.parametrize("outer", OUTER)
@pytest.mark.parametrize("function", CALLS)
def test_a_function_answers_for_each_row(function, outer, con):
    some = "s AS (FROM sales WHERE item_id <= {})"
    shops = con.execute(f"FROM {OUTER[outer]}").fetchall()
    expected = [
        con.execute(f"WITH {some.format(shop)} SELECT count(*) FROM {CALLS[function]}").fetchone()
        for (shop,) in shops
    ]
    inner = f"WITH {some.format('shop')} SELECT count(*) FROM {CALLS[function]}"
    found = con.execute(f"SELECT ({inner}) FROM {OUTER[outer]} ORDER BY shop").fetchall()
    assert found == expected
    query = f"SELECT y.* FROM {OUTER[outer]}, LATERAL ({inner}) AS y ORDER BY shop"
    assert con.execute(query).fetchall() == expected


@pytest.fixture
def declared():
    there = dict(_records)
    yield lambda name: _records[name].call
    _records.clear()
    _records.update(there)


def test_a_udf_of_one_row_is_called_for_each(declared):
    @udf("_doubled", ("BIGINT[]",), "BIGINT", by_row=True)
    def doubled(lists: pa.Array) -> pa.Array:
        assert len(lists) == 1
        return pa.array([2 * sum(lists[0].as_py())])

    call = declared("_doubled")
    assert call(pa.array([[1, 2], [3], []], pa.list_(pa.int64()))).to_pylist() == [6, 6, 0]
    assert call(pa.array([[1, 2], None, [5]])).to_pylist() == [6, None, 10]
    assert call(pa.array([None, None], pa.list_(pa.int64()))).to_pylist() == [None, None]
    assert len(call(pa.array([], pa.list_(pa.int64())))) == 0


def test_a_udf_of_one_handle_is_called_for_each(declared):
    seen = []

    @udf("_marked", ("VARCHAR", "BIGINT"), "VARCHAR", by_handle=True)
    def marked(handles: pa.Array, codes: pa.Array) -> pa.Array:
        seen.append(handles[0].as_py())
        assert len(handles.unique()) == 1
        return pa.array([f"{handles[0].as_py()}{code}" for code in codes.to_pylist()])

    call = declared("_marked")
    told = call(pa.array(["a", "b", "a", None]), pa.array([1, 2, 3, None]))
    assert told.to_pylist() == ["a1", "b2", "a3", None]
    assert seen == ["a", "b"]
    assert call(pa.array(["a", "a"]), pa.array([1, 2])).to_pylist() == ["a1", "a2"]
    assert len(call(pa.array([], pa.string()), pa.array([], pa.int64()))) == 0
