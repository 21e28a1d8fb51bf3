"""Chooses the prices of the items that SQL has listed."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ecomsql import options
from ecomsql.cache import CACHE, content_key
from ecomsql.errors import DataError, OptionError
from ecomsql.udf import udf

from ._calls import named
from ._priced import Priced, check_season, struct_list

if TYPE_CHECKING:
    from ecomsql.features.price_rows import PriceRows
    from ecomsql.models.demand_loglinear import Demand as LogLinear
    from ecomsql.models.price_choice import Prices
    from ecomsql.models.price_demand import PriceDemand

FIELDS = [
    ("current_price", "DOUBLE", pa.float64()),
    ("optimal_price", "DOUBLE", pa.float64()),
    ("expected_quantity", "DOUBLE", pa.float64()),
    ("expected_revenue", "DOUBLE", pa.float64()),
    ("expected_profit", "DOUBLE", pa.float64()),
    ("lift", "DOUBLE", pa.float64()),
    ("elasticity", "DOUBLE", pa.float64()),
    ("status", "VARCHAR", pa.string()),
]
RETURNS = f"STRUCT({', '.join(f'{name} {sql}' for name, sql, _ in FIELDS)})[]"
OBJECTIVES = ("profit", "revenue")
METHODS = ("auto", "loglinear", "tree", "lightgbm")


@udf("_optimal_prices", None, RETURNS, by_row=True)
def optimal_prices(document: pa.Array, *columns: pa.Array) -> pa.Array:
    """Return what is told of each item, in their order."""
    given: dict[str, Any] = json.loads(document[0].as_py())
    # What overflows (prices of 1e300) comes out as no number, and is told as NULL.
    with named("optimize_price"), np.errstate(all="ignore"):
        told = Priced.of(columns)
        asked = _checked(given, told)
        found = _found(told, asked) if told.facts["items"] else None
    if found is None:
        return struct_list(None, FIELDS)
    with np.errstate(all="ignore"):
        lift = found.gain.lift(given["lift_quantile"])
    return struct_list(found, FIELDS, lift=lift)


def _checked(given: Mapping[str, Any], told: Priced) -> dict[str, Any]:
    """Return the options, or raise for what is wrong with them or with the data."""
    asked: dict[str, Any] = {
        "objective": options.choice("objective", given["objective"], OBJECTIVES),
        "method": options.choice("method", given["method"], METHODS),
        "max_change": options.number("max_change", given["max_change"], low=0.0, high=0.95),
        "extrapolate": options.flag("extrapolate", given["extrapolate"]),
        "season": options.flag("season", given["season"]),
        "cautious": options.flag("cautious", given["cautious"]),
        "level": options.number("level", given["level"], low=0.01, high=0.999),
        "seed": options.whole("seed", given["seed"], at_least=0),
        "endings": _endings(given["price_ending"]),
        **{name: _positive(name, given[name]) for name in ("min_price", "max_price", "price_step")},
    }
    options.number("lift_quantile", given["lift_quantile"], low=0.001, high=0.999)
    if given["unit_cost"] is not None:
        options.number("unit_cost", given["unit_cost"], low=0.0)
    asked["unit_cost"] = given["unit_cost"]
    least, most = asked["min_price"], asked["max_price"]
    if least is not None and most is not None and least > most:
        raise OptionError(f"min_price := {least:g} is above max_price := {most:g}")
    # SQL takes 'ts' by itself, where it is there; only a name that was given has to be.
    told.facts["roles"]["time_col"] = given["time_col"]
    found = told.checked()
    _check_costs(asked, told, found["cost_col"])
    if asked["season"]:
        check_season(told, found["time_col"])
    return asked


def _check_costs(asked: Mapping[str, Any], told: Priced, cost_col: str | None) -> None:
    if asked["unit_cost"] is not None and cost_col is not None:
        raise OptionError("unit_cost and cost_col are both given; give one of them")
    if asked["objective"] == "profit" and asked["unit_cost"] is None and cost_col is None:
        raise OptionError(
            "the objective 'profit' needs what a piece costs: unit_cost := 3.5 or "
            "cost_col := 'cost'; without, take objective := 'revenue'"
        )
    least = told.facts["least_cost"]
    if least is not None and least < 0.0:
        raise DataError(f"cost_col '{cost_col}' holds costs below 0, such as {least:g}")


def _positive(name: str, value: Any) -> float | None:
    if value is None:
        return None
    found = options.number(name, value, low=0.0)
    if found == 0.0:
        raise OptionError(f"{name} := 0 is out of range; take a number > 0")
    return found


def _endings(value: Any) -> list[float]:
    if value is None:
        return []
    each = value if isinstance(value, list) else [value]
    if not each:
        raise OptionError(
            "price_ending is a number or a list of some: price_ending := [0.49, 0.99]"
        )
    return [options.number("price_ending", one, low=0.0, high=1e6) for one in each]


def _found(told: Priced, asked: Mapping[str, Any]) -> Prices:
    """Choose, unless the same was chosen before and is still in the cache."""
    from ecomsql.models.demand_selection import chosen_method
    from ecomsql.models.price_choice import Aim, best_prices
    from ecomsql.models.price_now import last_values

    rows = told.rows(season=asked["season"])
    key = "prices:" + content_key(rows.arrays, asked)

    def find() -> Prices:
        method = asked["method"]
        if method == "auto":
            method = chosen_method(rows, seed=asked["seed"])
        linear, demand = _demand(rows, method, asked["seed"])
        cost = (
            last_values(rows.item, rows.time, rows.cost, rows.n_items)
            if asked["unit_cost"] is None
            else np.full(rows.n_items, float(asked["unit_cost"]))
        )
        aim = Aim(
            is_profit=asked["objective"] == "profit",
            rules=_rules(asked),
            level=asked["level"],
            cautious=asked["cautious"],
            seed=asked["seed"],
        )
        return best_prices(rows, linear, demand, cost, aim)

    return CACHE.get_or_make(key, find)


def _rules(asked: Mapping[str, Any]) -> Any:
    from ecomsql.models.price_candidates import PriceRules

    return PriceRules(
        max_change=asked["max_change"],
        extrapolate=asked["extrapolate"],
        least=asked["min_price"] or 0.0,
        most=asked["max_price"] or math.inf,
        step=asked["price_step"],
        endings=tuple(asked["endings"]),
    )


def _demand(rows: PriceRows, method: str, seed: int) -> tuple[LogLinear, PriceDemand]:
    from ecomsql.models.demand_loglinear import Demand
    from ecomsql.models.price_demand import demand_method

    linear = Demand.of(rows)
    return linear, demand_method(method).fit(rows, linear, seed=seed)
