"""What a model of demand is: expected quantities of items at prices."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from ecomsql.features.price_rows import PriceRows
from ecomsql.models.item_groups import Floats, ItemGroups, Longs

if TYPE_CHECKING:
    from ecomsql.models.demand_loglinear import Demand as LogLinear

METHODS = ("loglinear", "tree", "lightgbm")


class PriceDemand(ABC):
    """Expected quantities, which do not rise with the price.

    Quantities are of a row of the data, whatever that is: a day, a week, a store's week.
    """

    method: ClassVar[str]
    points: ClassVar[int]
    """Candidate prices between the least and the highest."""
    most_rows: ClassVar[int] = 1 << 62
    """Rows that it learns from, at most."""

    @classmethod
    @abstractmethod
    def fit(cls, rows: PriceRows, linear: LogLinear, *, seed: int) -> Self:
        """Learn from rows, and from what the log-linear model says of the same rows."""

    @abstractmethod
    def expected(self, price: Floats) -> Floats:
        """Return expected quantities with controls as they are on average.

        Parameters
        ----------
        price : float64 array, shape (n_items, n_prices)

        Returns
        -------
        float64 array, shape (n_items, n_prices)
            NaN for items that nothing is known of.
        """

    @abstractmethod
    def of_rows(self, rows: PriceRows) -> Floats:
        """Return the expected quantity of each row, shape (n_rows,)."""


def place_in_item(rows: PriceRows) -> Longs:
    """Return for each row how many of its item come before it, shape (n_rows,)."""
    groups = ItemGroups(rows.item, rows.n_items)
    before = np.cumsum(groups.counts) - groups.counts
    found: Longs = np.arange(len(rows)) - before[rows.item]
    return found


def thinned(rows: PriceRows, most: int) -> PriceRows:
    """Return at most about `most` rows: of each item the same share, as they come."""
    if len(rows) <= most:
        return rows
    counts = np.bincount(rows.item, minlength=rows.n_items)
    kept = np.ceil(counts * (most / len(rows)))
    return rows.keep(place_in_item(rows) < kept[rows.item])


def demand_method(name: str) -> type[PriceDemand]:
    """Return the class of a method of :data:`METHODS`."""
    found: type[PriceDemand] = importlib.import_module(f"ecomsql.models.demand_{name}").Demand
    return found
