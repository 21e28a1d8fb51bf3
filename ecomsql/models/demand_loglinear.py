"""Demand with one elasticity an item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from ecomsql.features.price_rows import PriceRows
from ecomsql.models.elasticities import Elasticities, elasticities
from ecomsql.models.item_groups import Floats, ItemGroups, Longs
from ecomsql.models.price_demand import PriceDemand

FARTHEST = 20.0
"""Logs of factors of demand stay within this."""


@dataclass(eq=False)
class Demand(PriceDemand):
    """The log of the expected quantity is a line over the log of the price.

    Attributes
    ----------
    told : Elasticities
        By Poisson regression, which takes rows of quantity 0, shrunk.
    usual : float64 array, shape (n_items,)
        Geometric mean of the prices.
    level : float64 array, shape (n_items,)
        Quantity at the usual price where the controls' factor is 1.
    factor : float64 array, shape (n_items,)
        Mean of the controls' factor.
    centre : float64 array, shape (n_controls, n_items)
        Controls where their factor is 1: their means.
    """

    told: Elasticities
    usual: Floats
    level: Floats
    factor: Floats
    centre: Floats
    method: ClassVar[str] = "loglinear"
    points: ClassVar[int] = 201

    @classmethod
    def of(cls, rows: PriceRows) -> Self:
        """Learn from rows."""
        told = elasticities(rows, method="poisson", shrink=True, robust=False, level=0.9)
        groups = ItemGroups(rows.item, rows.n_items)
        usual = np.where(groups.counts > 0, np.exp(groups.mean(np.log(rows.price))), np.nan)
        ones = np.ones(rows.n_items)
        found = cls(told, usual, ones, ones, groups.mean(rows.controls))
        whole = groups.total(found.of_rows(rows))
        found.level = groups.total(rows.quantity) / np.where(whole > 0, whole, np.nan)
        found.factor = np.where(groups.counts > 0, groups.mean(found.factors(rows)), np.nan)
        return found

    @classmethod
    def fit(cls, rows: PriceRows, linear: Demand, *, seed: int) -> Self:
        """Return the model itself."""
        return cls(linear.told, linear.usual, linear.level, linear.factor, linear.centre)

    @property
    def slope(self) -> Floats:
        """Elasticities; 0 where there is none. Demand that rises with the price is left so."""
        return np.nan_to_num(self.told.elasticity)

    def factors(self, rows: PriceRows) -> Floats:
        """Return what the controls multiply the demand of each row by, shape (n_rows,)."""
        return self.factor_of(rows.item, rows.controls)

    def factor_of(self, item: Longs, controls: Floats) -> Floats:
        """Return the same of items and controls, shapes (n,) and (n_controls, n)."""
        logs = np.zeros(len(item))
        for effect, centre, control in zip(self.told.effects, self.centre, controls, strict=True):
            logs += effect[item] * (control - centre[item])
        found: Floats = np.exp(np.clip(logs, -FARTHEST, FARTHEST))
        return found

    def expected(self, price: Floats) -> Floats:
        """Return level * factor * (price / usual) ** elasticity."""
        return (self.level * self.factor)[:, None] * self._power(price, np.arange(len(price)))

    def of_rows(self, rows: PriceRows) -> Floats:
        """Return the same with each row's own factor."""
        power = self._power(rows.price[:, None], rows.item)[:, 0]
        return self.level[rows.item] * self.factors(rows) * power

    def _power(self, price: Floats, item: np.ndarray) -> Floats:
        logs = self.slope[item, None] * np.log(price / self.usual[item, None])
        found: Floats = np.exp(np.clip(logs, -FARTHEST, FARTHEST))
        return found
