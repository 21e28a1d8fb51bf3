"""Rows of items' prices and quantities as arrays, with what else moves the quantities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from ecomsql.errors import DataError
from ecomsql.features.calendar import DAY
from ecomsql.features.row_order import row_hashes
from ecomsql.features.table import Rows, kind_of

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

BITS = 28
"""Of a key, how many are the item's code; the others are from what the row holds."""
LEVELS = 200
"""Values that a control of text may have."""


@dataclass(frozen=True, slots=True, eq=False)
class PriceRows:
    """Rows by item, and within one in an order that follows from what they hold.

    Attributes
    ----------
    item : int64 array, shape (n_rows,)
        Code of the item, in ascending order.
    price, quantity : float64 arrays, shape (n_rows,)
        Above 0; at least 0.
    time : float64 array, shape (n_rows,)
        Seconds since 1970, or steps; NaN where there are no times.
    cost : float64 array, shape (n_rows,)
        Of a piece; NaN where it is not known.
    controls : float64 array, shape (n_controls, n_rows)
        What else moves quantities, as numbers.
    category : int64 array, shape (n_items,)
        Code of the category of each item; -1: none.
    """

    item: Longs
    price: Floats
    quantity: Floats
    time: Floats
    cost: Floats
    controls: Floats
    category: Longs

    @classmethod
    def of(
        cls,
        item: Longs,
        price: Floats,
        quantity: Floats,
        *,
        category: Longs,
        controls: Floats | None = None,
        time: Floats | None = None,
        cost: Floats | None = None,
    ) -> Self:
        """Put rows in order; rows that lack a control are left out."""
        columns = np.empty((0, len(item))) if controls is None else controls
        missing = np.full(len(item), np.nan)
        times = missing if time is None else time
        costs = missing if cost is None else cost
        hashes = row_hashes([price, quantity, times, costs, *columns], seed=0)
        keys = (item.astype(np.uint64) << np.uint64(64 - BITS)) | (hashes >> np.uint64(BITS))
        order = np.argsort(keys)
        if columns.size:
            order = order[np.isfinite(columns[:, order]).all(axis=0)]
        return cls(
            item=item[order],
            price=price[order],
            quantity=quantity[order],
            time=times[order],
            cost=costs[order],
            controls=columns[:, order],
            category=category,
        )

    def __len__(self) -> int:
        return len(self.item)

    @property
    def n_items(self) -> int:
        """Items, also those without rows."""
        return len(self.category)

    def keep(self, mask: NDArray[np.bool_]) -> PriceRows:
        """Return the rows where `mask` is true, of the same items."""
        if mask.all():
            return self
        names = ("item", "price", "quantity", "time", "cost", "controls")
        return replace(self, **{name: getattr(self, name)[..., mask] for name in names})

    @property
    def arrays(self) -> list[NDArray[Any]]:
        """All that it holds."""
        rows = (self.item, self.price, self.quantity, self.time, self.cost)
        return [*rows, self.controls, self.category]


def codes_of(texts: pa.Array) -> Longs:
    """Return the place of each text among those that there are, in order; -1 for NULL.

    Examples
    --------
    >>> codes_of(pa.array(["b", None, "a", "b"])).tolist()
    [1, -1, 0, 1]
    """
    column = pl.Series(texts, dtype=pl.String)
    known = column.drop_nulls().unique().sort()
    codes = column.cast(pl.Enum(known)).to_physical().cast(pl.Int64)
    return codes.fill_null(-1).to_numpy()


def control_columns(
    columns: Sequence[pa.Array], names: Sequence[str], types: Sequence[str]
) -> list[Floats]:
    """Return controls as columns of numbers; NaN where one is missing.

    Numbers, booleans and times are a column each; a text is one for each of its values but the
    most frequent: 1 where it is that.

    Raises
    ------
    DataError
        If a control is nested, or is a text of more than 200 values.
    """
    rows = Rows(tuple(names), tuple(types), tuple(columns))
    found: list[Floats] = []
    for at, (name, kind) in enumerate(zip(names, types, strict=True)):
        if kind_of(kind) == "nested":
            raise DataError(f"the control '{name}' is {kind}, neither a number nor a text")
        if kind_of(kind) == "category":
            found.extend(_dummies(name, rows.text(at)))
        else:
            found.append(rows.number(at))
    return found


def _dummies(name: str, texts: pa.Array) -> list[Floats]:
    codes = codes_of(texts)
    counts = np.bincount(codes[codes >= 0], minlength=1)
    if len(counts) > LEVELS:
        raise DataError(
            f"the control '{name}' has {len(counts)} different values, more than {LEVELS}; "
            "group them, or give a number"
        )
    missing = np.where(codes < 0, np.nan, 0.0)
    others = [level for level in range(len(counts)) if level != counts.argmax()]
    # Without any other value only what is missing remains to be told.
    return [missing + (codes == level) for level in others] or [missing]


def season_columns(seconds: Floats) -> list[Floats]:
    """Return a straight line over time, in years, and the months of the year but January.

    Parameters
    ----------
    seconds : float64 array, shape (n_rows,)
        Since 1970.
    """
    days = np.floor(seconds / DAY).astype("datetime64[D]")
    months = days.astype("datetime64[M]").astype(np.int64) % 12
    line = seconds / (365.25 * DAY) - 50.0
    return [line, *((months == month).astype(np.float64) for month in range(1, 12))]
