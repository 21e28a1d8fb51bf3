"""Plans the orders of items whose sales SQL has put on a grid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ecomsql import options, roles
from ecomsql.cache import CACHE
from ecomsql.errors import DataError, OptionError
from ecomsql.udf import udf

from ._calls import named
from ._on_grid import FREQUENCIES, GRID, OnGrid, check_series

if TYPE_CHECKING:
    from ecomsql.models.inventory import Plan

NUMBERS = ("mean_demand", "demand_std", "safety_stock", "reorder_point", "order_quantity")
KIND = pa.struct(
    [("item", pa.int32()), *((name, pa.float64()) for name in NUMBERS), ("status", pa.string())]
)
RETURNS = f"STRUCT(item INTEGER, {', '.join(f'{one} DOUBLE' for one in NUMBERS)}, status VARCHAR)[]"
LONGEST = 1_000
"""Steps of a lead time and a review period together, at most."""
A_YEAR = dict(zip(FREQUENCIES, (8_766.0, 365.25, 365.25 / 7.0, 12.0, 4.0, 1.0), strict=True))
"""Steps of a year."""
PER_ITEM = {"lead_time": 0.0, "on_hand": -np.inf, "order_cost": 0.0, "holding_cost": 0.0}
"""Options that may be a number or name a column, and their least values."""


@udf("_plan_inventory", (GRID, "DOUBLE[][]", "VARCHAR"), RETURNS, by_row=True)
def plan_inventory(grid: pa.StructArray, numbers: pa.Array, document: pa.Array) -> pa.Array:
    """Return the plans for the items of the single row; `numbers` are four of each item."""
    wanted: dict[str, Any] = json.loads(document[0].as_py())
    with named("plan_inventory"):
        asked = _checked(wanted)
        series = OnGrid.of(grid)
        columns = _by_item(grid.field("codes"), numbers)
        given = {
            name: _of_items(name, asked[name], column)
            for name, column in zip(PER_ITEM, columns, strict=True)
        }
        found = _plan(series, given, asked) if len(series) else None
    return _listed(found)


def _checked(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options, or raise for what is wrong with them or with the data."""
    from ecomsql.models.forecasting import check_method

    given = wanted["options"]
    season = check_series(wanted)
    if wanted["frequency"] is None:
        options.choice("frequency", None, FREQUENCIES)
    named_columns = {name: (given[name], None) for name in PER_ITEM if isinstance(given[name], str)}
    roles.resolve(wanted["columns"] or [], required={}, optional=named_columns)
    for name, wrong in zip(PER_ITEM, wanted["bad_numbers"], strict=True):
        if wrong:
            raise DataError(f"{name} '{given[name]}' holds {wrong} values that are no numbers")
    if given["lead_time"] is None:
        raise OptionError("lead_time := NULL is neither a number of steps nor a column")
    if (given["order_cost"] is None) != (given["holding_cost"] is None):
        raise OptionError("order_cost and holding_cost go together: give both or neither")
    review = options.whole("review_period", given["review_period"], at_least=1)
    checked = {name: _number(name, given[name], least) for name, least in PER_ITEM.items()}
    for name in ("lead_time", "review_period"):
        if isinstance(given[name], int | float) and given[name] > LONGEST:
            raise OptionError(f"{name} := {given[name]} is too long; take {LONGEST} steps or less")
    return {
        **checked,
        "review_period": review,
        "lead_time_std": options.number("lead_time_std", given["lead_time_std"], low=0.0),
        "service_level": options.number(
            "service_level", given["service_level"], low=0.5, high=0.9999
        ),
        "method": check_method(given["method"]),
        "season": season,
        "seed": options.whole("seed", given["seed"], at_least=0),
        "demand_time": A_YEAR[wanted["frequency"].lower()],
    }


def _number(name: str, given: Any, least: float) -> float | str | None:
    if given is None or isinstance(given, str):
        return given
    if name == "holding_cost" and given == 0:
        raise OptionError("holding_cost := 0 makes no order too large: take a number above 0")
    return options.number(name, given, low=least)


def _by_item(codes: pa.Array, numbers: pa.Array) -> np.ndarray:
    """Return the numbers of the items in order of their codes, NaN for NULL: four rows."""
    order = np.argsort(codes.flatten().to_numpy())
    told = numbers.flatten().flatten().to_numpy(zero_copy_only=False).astype(np.float64)
    by_item: np.ndarray = told.reshape(-1, len(PER_ITEM))[order].T
    return by_item


def _of_items(name: str, given: float | str | None, told: np.ndarray) -> np.ndarray:
    """Return a number for each item: that given for all, or those of its column."""
    if not isinstance(given, str):
        return np.full(len(told), np.nan if given is None else given)
    wrong = int((told < PER_ITEM[name]).sum()) + int(np.isinf(told).sum())
    wrong += int((told > LONGEST).sum()) if name == "lead_time" else 0
    if wrong:
        allowed = f" from 0 to {LONGEST}" if name == "lead_time" else " of 0 or more"
        raise DataError(
            f"{name} '{given}' holds {wrong} values that are no numbers"
            f"{'' if name == 'on_hand' else allowed}"
        )
    return told


def _plan(series: OnGrid, given: Mapping[str, np.ndarray], asked: Mapping[str, Any]) -> Plan:
    """Plan, unless the same was planned before and is still in the cache."""
    from ecomsql.models.inventory import Terms, plan_orders

    key = series.key("plan", [asked, {name: one.tolist() for name, one in given.items()}])

    def plan() -> Plan:
        terms = Terms(
            **given,
            lead_time_std=asked["lead_time_std"],
            review_period=asked["review_period"],
            service_level=asked["service_level"],
            demand_time=asked["demand_time"],
        )
        batch = series.batch(asked["season"], total=True)
        return plan_orders(batch, terms, method=asked["method"], seed=asked["seed"])

    return CACHE.get_or_make(key, plan)


def _listed(found: Plan | None) -> pa.Array:
    if found is None:
        return pa.array([[]], pa.list_(KIND))
    columns = [
        pa.array(np.arange(len(found.status), dtype=np.int32)),
        *(pa.array(getattr(found, name), from_pandas=True) for name in NUMBERS),
        pa.array(found.status, pa.string()),
    ]
    structs = pa.StructArray.from_arrays(columns, fields=list(KIND))
    return pa.ListArray.from_arrays(pa.array([0, len(structs)], pa.int32()), structs)
