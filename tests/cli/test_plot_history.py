from __future__ import annotations

import pytest
from pictures import ANOMALIES, FORECAST, HISTORY

pytest.importorskip("matplotlib", reason="the extra 'plot' is not installed")


def test_a_real_forecast_with_its_history(run, draw, tmp_path):
    run("sql", "-c", HISTORY.format(series=2), "-o", tmp_path / "prices.parquet")
    query = "FROM forecast_price('prices.parquet', horizon := 5, method := 'drift')"
    said, texts = draw(query, "--history", "prices.parquet", "--data", tmp_path)
    assert said == ""
    assert {"history", "forecast", "interval"} <= set(texts)
    assert sum(text.startswith(("0 · ", "1 · ")) for text in texts) == 2
    # Fifteen days before the forecast, not the hundred that are there.
    assert not {"Jan", "Dec", "2025"} & set(texts)


@pytest.mark.parametrize(
    "history",
    [
        HISTORY.format(series=2),
        HISTORY.format(series=2).replace("CAST(i AS INT)", "to_hours(24 * i - 10)"),
        "SELECT item_id AS series_id, ts, price AS value FROM (" + HISTORY.format(series=2) + ")",
        "SELECT * REPLACE (ts::VARCHAR AS ts) FROM (" + HISTORY.format(series=2) + ")",
        "SET threads = 1; SELECT * REPLACE (item_id::VARCHAR AS item_id)"
        " FROM (" + HISTORY.format(series=2) + ");",
    ],
)
def test_histories(draw, history):
    said, texts = draw(FORECAST.format(series=2), "--history", history)
    assert said == ""
    assert "history" in texts


SALES = """
    CREATE TABLE sales AS
    SELECT i % 2 AS item_id, i % 3 AS user_id, DATE '2025-01-06' + CAST(i // 6 AS INT) AS ts,
        90.0 AS price, 1 AS quantity, 500.0 AS stock
    FROM range(6 * 7 * 20) t(i);
"""
"""Twenty weeks of three a day of each item, and two of each user."""


@pytest.mark.parametrize(
    ("call", "top"),
    [
        ("forecast_price(sales, horizon := 3, method := 'naive')", 90),
        ("forecast_demand(sales, horizon := 3, method := 'naive', frequency := 'week')", 21),
        ("forecast_demand(sales, horizon := 1, method := 'naive', frequency := 'week')", 21),
        ("FORECAST_DEMAND(sales, horizon := 3, method := 'naive', series_col => 'user_id')", 2),
        ("forecast_demand(sales, horizon := 3, method := 'naive', series_col := NULL)", 6),
        ("forecast_price(sales, horizon := 3, method := 'naive', value_col := 'stock')", 500),
    ],
)
def test_a_history_is_read_as_the_query_reads_it(monkeypatch, run, tmp_path, call, top):
    seen = []

    def write(picture, path, form, **_):
        seen.append(picture)
        path.touch()

    monkeypatch.setattr("ecomsql.plots.files.write", write)
    query = f"{SALES} FROM {call}"
    ran = run("plot", query, "--history", "sales", "-o", tmp_path / "f.svg")
    assert (ran.code, ran.err) == (0, "")
    for panel in seen[0].panels:
        x, values = panel.past
        assert len(x) >= 9
        assert set(values[1:]) == {top}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("FROM f", "the history has item_id and user_id: say which one is meant"),
        ("SELECT * REPLACE (1 AS series_id) FROM f -- forecast_price(", "item_id and user_id"),
    ],
)
def test_a_history_that_may_mean_two_things(run, tmp_path, query, said):
    made = f"{SALES} CREATE TABLE f AS {FORECAST.format(series=2)}; {query}"
    ran = run("plot", made, "--history", "sales", "-o", tmp_path / "f.svg")
    assert ran.code == 1
    assert said in ran.err
    history = "SELECT item_id AS series_id, ts, quantity FROM sales"
    assert run("plot", made, "--history", history, "-o", tmp_path / "f.svg").code == 0


def test_all_rows_as_one_series(draw):
    query = FORECAST.format(series=1).replace("s AS series_id", "NULL AS series_id")
    said, texts = draw(query, "--history", HISTORY.format(series=5))
    assert said == ""
    assert {"all rows · theta", "history"} <= set(texts)


def test_a_series_without_history_is_told(draw):
    said, _ = draw(FORECAST.format(series=3), "--history", HISTORY.format(series=2))
    assert said == "--history has nothing shortly before 1 of 3 forecasts\n"


@pytest.mark.parametrize(
    ("history", "said"),
    [
        ("SELECT 1 AS item_id, today() AS ts", "needs columns series_id, ts and value"),
        ("SELECT 1 AS item_id, 2 AS price", "it has: item_id, price"),
        ("SELECT 1 AS item_id, 5 AS ts, 2 AS price", "does not go with the forecast's dates"),
        ("SELECT 1 AS item_id, today() AS ts, 'x' AS price", "'price' is VARCHAR, not a number"),
        ("SELECT today() AS ts, 2 AS price", "has no column series_id"),
        ("nowhere", "nowhere"),
        ("nowhere.parquet", "nowhere.parquet"),
        ("SELEC 1", "syntax error"),
        ("SET threads = 1", "--history has no result"),
    ],
)
def test_wrong_history(run, tmp_path, history, said):
    ran = run("plot", FORECAST.format(series=2), "--history", history, "-o", tmp_path / "f.png")
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) <= 2


def test_history_goes_with_a_forecast(run, tmp_path):
    ran = run("plot", ANOMALIES, "--history", "t", "-o", tmp_path / "f.png")
    assert ran.code == 1
    assert "--history goes before a forecast, and the result is not one but anomalies" in ran.err
