"""Rows of one item and price, put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from ecomsql.features.price_rows import PriceRows
from ecomsql.models.item_groups import Floats, Longs


@dataclass(frozen=True, slots=True, eq=False)
class PriceCells:
    """Sums over rows, in order of item and price.

    Attributes
    ----------
    item : int64 array, shape (n_cells,)
    price, rows, quantity, factor : float64 arrays, shape (n_cells,)
        `rows` is how many there are; `factor` the sum of what demand is multiplied by in them.
    """

    item: Longs
    price: Floats
    rows: Floats
    quantity: Floats
    factor: Floats

    @classmethod
    def of(cls, rows: PriceRows, factor: Floats) -> Self:
        """Put rows together; `factor` has shape (n_rows,)."""
        order = np.lexsort((rows.price, rows.item))
        item, price = rows.item[order], rows.price[order]
        is_first = np.ones(len(item), dtype=bool)
        is_first[1:] = (item[1:] != item[:-1]) | (price[1:] != price[:-1])
        starts = np.flatnonzero(is_first)
        sums = [
            np.add.reduceat(one[order], starts) if len(starts) else np.zeros(0)
            for one in (np.ones(len(item)), rows.quantity, factor)
        ]
        return cls(item[starts], price[starts], *sums)
