"""Prices and quantities, and what is known to be true of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import numpy as np

from benchmarks.datasets import DATA

OJ = {"dominicks": -3.378, "minute.maid": -3.321, "tropicana": -2.712}
"""The textbook's elasticities (Taddy: Business Data Science, 2019)."""
MARGIN = 0.5
"""Cost of a piece, as a share of its list price."""
CHANGE = 0.3
"""Share of the current price by which it may change."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What is known of each item, by id.

    Attributes
    ----------
    elasticity, cost : dict
        `cost` is empty where no prices are to be chosen.
    """

    elasticity: dict[object, float]
    cost: dict[object, float]


def oj(con: duckdb.DuckDBPyConnection) -> Truth:
    """Create ``sales (item_id, price, quantity)``: weeks of stores, by brand."""
    con.execute(f"""
        CREATE TABLE sales AS
        SELECT brand AS item_id, price, sales AS quantity FROM '{DATA}/oj.parquet'
    """)
    return Truth(dict(OJ), {})


def oj_all(con: duckdb.DuckDBPyConnection) -> Truth:
    """Create the same as one item, with its brand as a control."""
    con.execute(f"""
        CREATE TABLE sales AS
        SELECT 1 AS item_id, brand, price, sales AS quantity FROM '{DATA}/oj.parquet'
    """)
    return Truth({1: -3.139}, {})


def generated(con: duckdb.DuckDBPyConnection) -> Truth:
    """Create ``sales (item_id, ts, price, quantity, cost)``: days of a generated shop's items.

    Demand is Poisson, with seasons, about five promotions a year and item, and one item in ten
    that sells rarely.
    """
    from ecomsql.shop import simulate

    shop = simulate(users=50, items=400, days=730, seed=7)
    prices = shop.tables["prices"]  # noqa: F841 (by its name)
    items = range(1, len(shop.assortment.elasticity) + 1)
    cost = dict(zip(items, np.round(MARGIN * shop.assortment.price, 2).tolist(), strict=True))
    costs = {"item_id": np.array(list(cost)), "cost": np.array(list(cost.values()))}  # noqa: F841
    con.execute("CREATE TABLE sales AS FROM prices JOIN costs USING (item_id)")
    return Truth(dict(zip(items, shop.assortment.elasticity.tolist(), strict=True)), cost)


PRICES: dict[
    str, tuple[Callable[[duckdb.DuckDBPyConnection], Truth], tuple[str, ...], str, tuple[str, ...]]
] = {
    "oj": (oj, ("oj.parquet",), "3 brands. Textbook: -3.378, -3.321, -2.712", ()),
    "oj_all": (
        oj_all,
        ("oj.parquet",),
        "one item, brands as a control. Textbook: -3.139",
        ("brand",),
    ),
    "generated_prices": (generated, (), "400 items, 730 days, true elasticities -3.5 to -0.8", ()),
}


def elasticity_figures(con: duckdb.DuckDBPyConnection, truth: Truth) -> dict[str, float]:
    """Return how near ``told (item_id, elasticity, lower, upper)`` comes to the truth."""
    rows = con.execute("SELECT item_id, elasticity, lower, upper FROM told").fetchall()
    found = {item: (value, low, high) for item, value, low, high in rows if value is not None}
    missed = [found[item][0] - e for item, e in truth.elasticity.items() if item in found]
    held = [
        item in found and found[item][1] is not None and found[item][1] <= e <= found[item][2]
        for item, e in truth.elasticity.items()
    ]
    return {
        "answered": len(missed) / len(truth.elasticity),
        "elasticity_rmse": float(np.sqrt(np.mean(np.square(missed)))),
        "coverage_95": float(np.mean(held)),
    }


def price_figures(con: duckdb.DuckDBPyConnection, truth: Truth) -> dict[str, float]:
    """Return what ``told (item_id, optimal_price, lift)`` earns, of what can be earned.

    The best price is that of the true elasticity, within the change and the prices that there
    were. Of each item counts the gain over the current price.
    """
    rows = con.execute(f"""
        SELECT item_id, now, greatest(now * (1 - {CHANGE}), low), least(now * (1 + {CHANGE}), high),
            coalesce(optimal_price, now), coalesce(lift, 0)
        FROM (
            SELECT item_id, arg_max(price, ts) AS now, min(price) AS low, max(price) AS high
            FROM sales GROUP BY item_id
        ) LEFT JOIN told USING (item_id)
        ORDER BY item_id
    """).fetchall()
    item, now, low, high, price, lift = (np.array(column) for column in zip(*rows, strict=True))
    e = np.array([truth.elasticity[one] for one in item.tolist()])
    cost = np.array([truth.cost[one] for one in item.tolist()])
    best = np.clip(np.where(e < -1, cost * e / (e + 1), np.inf), low, high)

    def earned(at: np.ndarray) -> np.ndarray:
        return (at - cost) / (now - cost) * (at / now) ** e

    return {
        "gain": float((earned(price) - 1).mean()),
        "best_gain": float((earned(best) - 1).mean()),
        "told_gain": float(lift.mean()),
        "losers": float((earned(price) < 1 - 1e-9).mean()),
    }
