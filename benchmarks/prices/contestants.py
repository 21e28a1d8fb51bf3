"""The contestants: this project in SQL, statsmodels item by item, and no model at all."""

from __future__ import annotations

import time
from collections.abc import Callable

import duckdb
import numpy as np
import pandas as pd

from benchmarks.prices.data import CHANGE


def elasticity_sql(con: duckdb.DuckDBPyConnection, controls: list[str], options: str) -> float:
    """Run ``price_elasticity`` with options like ``method := 'poisson'``."""
    import ecomsql

    ecomsql.register(con)
    begun = time.perf_counter()
    con.execute(
        f"CREATE TABLE told AS FROM price_elasticity(sales, controls := {controls}"
        f"{', ' if options else ''}{options})"
    )
    return time.perf_counter() - begun


def price_sql(con: duckdb.DuckDBPyConnection, controls: list[str], options: str) -> float:
    """Run ``optimize_price`` with options like ``method := 'tree'``."""
    import ecomsql

    ecomsql.register(con)
    begun = time.perf_counter()
    con.execute(
        f"CREATE TABLE told AS FROM optimize_price(sales, cost_col := 'cost', "
        f"max_change := {CHANGE}{', ' if options else ''}{options})"
    )
    return time.perf_counter() - begun


def elasticity_statsmodels(
    con: duckdb.DuckDBPyConnection, controls: list[str], options: str
) -> float:
    """Regress logs by ``OLS``, or quantities by a Poisson ``GLM``, item by item."""
    import statsmodels.api as api

    frame = _frame(con, controls, with_season="season" in options)
    begun = time.perf_counter()
    told = []
    for item, rows in frame.groupby("item_id"):
        inputs = rows.drop(columns=["item_id", "price", "quantity", "ts"], errors="ignore")
        try:
            if "poisson" in options:
                x = api.add_constant(inputs.assign(log_price=np.log(rows.price)).astype(float))
                fit = api.GLM(rows.quantity, x, family=api.families.Poisson()).fit(scale="X2")
            else:
                there = rows.quantity > 0
                x = api.add_constant(
                    inputs[there].assign(log_price=np.log(rows.price[there])).astype(float)
                )
                fit = api.OLS(np.log(rows.quantity[there]), x).fit()
            found = (fit.params["log_price"], *fit.conf_int().loc["log_price"])
        except (ValueError, KeyError, np.linalg.LinAlgError):
            # What the library cannot fit stays NaN, and lowers its share that is answered.
            found = (np.nan, np.nan, np.nan)
        told.append((item, *found))
    return _keep(con, told, begun)


def elasticity_naive(con: duckdb.DuckDBPyConnection, controls: list[str], options: str) -> float:
    """Take one elasticity for all: the slope of logs around each item's means."""
    begun = time.perf_counter()
    con.execute("""
        CREATE TABLE told AS
        WITH logs AS (
            SELECT item_id, ln(price) - avg(ln(price)) OVER (PARTITION BY item_id) AS p,
                ln(quantity) - avg(ln(quantity)) OVER (PARTITION BY item_id) AS q
            FROM sales WHERE quantity > 0 AND price > 0
        )
        SELECT DISTINCT item_id, (SELECT regr_slope(q, p) FROM logs) AS elasticity,
            NULL::DOUBLE AS lower, NULL::DOUBLE AS upper
        FROM sales
    """)
    return time.perf_counter() - begun


def price_statsmodels(con: duckdb.DuckDBPyConnection, controls: list[str], options: str) -> float:
    """Put statsmodels' elasticities into the formula of the best price, within the bounds."""
    begun = time.perf_counter()
    elasticity_statsmodels(con, controls, options)
    con.execute("ALTER TABLE told RENAME TO fitted")
    con.execute(f"""
        CREATE TABLE told AS
        SELECT item_id, p AS optimal_price,
            (p - cost) / (now - cost) * (p / now) ** elasticity - 1 AS lift
        FROM (
            SELECT item_id, now, cost, elasticity, greatest(low, least(high, CASE
                WHEN isnan(elasticity) OR elasticity >= 0 THEN now
                WHEN elasticity >= -1 THEN high ELSE cost * elasticity / (elasticity + 1)
            END)) AS p
            FROM (
                SELECT item_id, now, cost, elasticity,
                    greatest(now * (1 - {CHANGE}), least_) AS low,
                    least(now * (1 + {CHANGE}), most) AS high
                FROM (
                    SELECT item_id, arg_max(price, ts) AS now, any_value(cost) AS cost,
                        min(price) AS least_, max(price) AS most
                    FROM sales GROUP BY item_id
                ) JOIN fitted USING (item_id)
            )
        )
    """)
    return time.perf_counter() - begun


def price_naive(con: duckdb.DuckDBPyConnection, controls: list[str], options: str) -> float:
    """Leave every price as it is."""
    begun = time.perf_counter()
    con.execute("""
        CREATE TABLE told AS SELECT item_id, arg_max(price, ts) AS optimal_price, 0.0 AS lift
        FROM sales GROUP BY item_id
    """)
    return time.perf_counter() - begun


def _frame(
    con: duckdb.DuckDBPyConnection, controls: list[str], *, with_season: bool
) -> pd.DataFrame:
    """Return the rows, texts as dummies, and with a line over time and months where asked."""
    frame = con.sql("FROM sales").df().drop(columns="cost", errors="ignore")
    if with_season:
        frame["trend"] = (frame.ts - frame.ts.min()).dt.days / 365.25
        for month in range(2, 13):
            frame[f"month_{month}"] = frame.ts.dt.month == month
    return pd.get_dummies(frame, columns=controls, drop_first=True) if controls else frame


def _keep(con: duckdb.DuckDBPyConnection, told: list[tuple], begun: float) -> float:
    seconds = time.perf_counter() - begun
    found = pd.DataFrame(told, columns=["item_id", "elasticity", "lower", "upper"])  # noqa: F841
    con.execute("CREATE TABLE told AS FROM found")
    return seconds


CONTESTANTS: dict[str, Callable[[duckdb.DuckDBPyConnection, list[str], str], float]] = {
    "elasticity_sql": elasticity_sql,
    "elasticity_statsmodels": elasticity_statsmodels,
    "elasticity_naive": elasticity_naive,
    "price_sql": price_sql,
    "price_statsmodels": price_statsmodels,
    "price_naive": price_naive,
}
