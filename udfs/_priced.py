"""What the functions of prices share: their lists from SQL, checked, become rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ecomsql import roles
from ecomsql.errors import ColumnError, DataError, OptionError, did_you_mean, listed

if TYPE_CHECKING:
    from ecomsql.features.price_rows import PriceRows

OPTIONAL = {"category_col": None, "time_col": "ts", "cost_col": None}
"""Roles that may be without a column, and what it is called when it is there by itself."""


@dataclass(frozen=True, slots=True)
class Priced:
    """The single row of ``_price_lists``, without its items.

    Attributes
    ----------
    facts : dict
        What SQL has counted.
    lists : list of Arrow arrays
        Codes, prices, quantities, times, costs, and categories of the items.
    controls : list of Arrow arrays
    """

    facts: dict[str, Any]
    lists: list[pa.Array]
    controls: list[pa.Array]

    @classmethod
    def of(cls, columns: Sequence[pa.Array]) -> Priced:
        """Read the columns: facts, six lists, then controls among which is one of NULLs."""
        facts, *lists = columns
        flat = [one.flatten() for one in lists]
        return cls(json.loads(facts[0].as_py()), flat[:6], flat[6:])

    def checked(self) -> dict[str, str | None]:
        """Return the column of each role; raise for columns that are missing or no numbers."""
        facts, names = self.facts, self.facts["columns"] or []
        given = facts["roles"]
        required = {role: given[role] for role in ("price_col", "quantity_col")}
        if given["item_col"] is not None:
            required = {"item_col": given["item_col"], **required}
        found = roles.resolve(
            names,
            required=required,
            optional={role: (given[role], own) for role, own in OPTIONAL.items()},
        )
        self._check_controls(names, found)
        counted = {"price_col": "prices", "quantity_col": "quantities", "cost_col": "costs"}
        for role, what in counted.items():
            if bad := facts[f"bad_{what}"]:
                raise DataError(f"{role} '{found[role]}' holds {bad} values that are no numbers")
        if bad := facts["bad_times"]:
            raise DataError(
                f"time_col '{found['time_col']}' holds {bad} values that are neither times nor "
                "whole numbers"
            )
        return found

    def _check_controls(self, names: list[str], found: Mapping[str, str | None]) -> None:
        by_lower = {name.lower(): name for name in names}
        for one in self.wanted_controls:
            if one.lower() not in by_lower:
                raise ColumnError(
                    f"no column '{one}' for controls; the columns are: {listed(names)}"
                    f"{did_you_mean(one, names)}"
                )
            for role in ("price_col", "quantity_col"):
                if by_lower[one.lower()] == found[role]:
                    raise OptionError(f"controls hold '{one}', which is {role} itself")

    @property
    def wanted_controls(self) -> list[str]:
        """Names of controls, as they were given: a list, or one."""
        given = self.facts["controls"]
        if given is None or isinstance(given, str):
            return [] if given is None else [given]
        if isinstance(given, list) and all(isinstance(one, str) for one in given):
            return given
        raise OptionError("controls is a list of column names: controls := ['promotion', 'store']")

    def rows(self, *, season: bool) -> PriceRows:
        """Return the rows, with a line over time and the months as controls where asked."""
        from ecomsql.features.price_rows import (
            PriceRows,
            codes_of,
            control_columns,
            season_columns,
        )

        codes, prices, quantities, times, costs, categories = self.lists
        numbers = [_numbers(one) for one in (prices, quantities, times, costs)]
        facts = self.facts
        chosen = {one.lower() for one in self.wanted_controls}
        kinds = dict(zip(facts["columns"], facts["types"] or [], strict=False))
        there = [name for name in facts["listed"] if name.lower() in chosen]
        cells = [
            cell
            for name, cell in zip(facts["listed"], self.controls, strict=False)
            if name.lower() in chosen
        ]
        controls = control_columns(cells, there, [kinds.get(name, "DOUBLE") for name in there])
        if season:
            controls += season_columns(numbers[2])
        return PriceRows.of(
            codes.to_numpy(zero_copy_only=False).astype(np.int64),
            numbers[0],
            numbers[1],
            time=numbers[2],
            cost=numbers[3],
            controls=np.stack(controls) if controls else None,
            category=codes_of(categories),
        )


def check_season(told: Priced, time_col: str | None) -> None:
    """Raise where there are no dates that say which month it is."""
    names = told.facts["columns"] or []
    if time_col is None:
        raise ColumnError(
            f"season := true needs a column of times, time_col; the columns are: {listed(names)}"
        )
    if told.facts["steps"]:
        raise DataError(f"season := true needs dates, and time_col '{time_col}' holds numbers")


def struct_list(
    found: Any, fields: Sequence[tuple[str, str, pa.DataType]], **others: Any
) -> pa.Array:
    """Return one list of structs, one an item, of `others` and what `found` has; None: empty."""
    kind = pa.struct([(name, arrow) for name, _, arrow in fields])
    if found is None:
        return pa.array([[]], pa.list_(kind))
    columns = [
        _column(others[name] if name in others else getattr(found, name), arrow)
        for name, _, arrow in fields
    ]
    structs = pa.StructArray.from_arrays(columns, fields=list(kind))
    return pa.ListArray.from_arrays(pa.array([0, len(structs)], pa.int32()), structs)


def _column(values: Any, kind: pa.DataType) -> pa.Array:
    """Return a column; what is not finite is NULL."""
    if not pa.types.is_floating(kind):
        return pa.array(values, kind)
    return pa.array(values, kind, mask=~np.isfinite(values))


def _numbers(column: pa.Array) -> np.ndarray:
    found: np.ndarray = column.to_numpy(zero_copy_only=False).astype(np.float64)
    return found
