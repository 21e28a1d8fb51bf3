"""What a model of demand is: expected quantities of items at prices."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Self

from ecomsql.features.price_rows import PriceRows
from ecomsql.models.item_groups import Floats

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


def demand_method(name: str) -> type[PriceDemand]:
    """Return the class of a method of :data:`METHODS`."""
    found: type[PriceDemand] = importlib.import_module(f"ecomsql.models.demand_{name}").Demand
    return found
