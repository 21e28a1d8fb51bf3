"""What is known of a customer, and what each part of it adds to the expected value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecomsql.features.table import Matrix
from ecomsql.models.baseline_shapley import Players, baseline_shapley
from ecomsql.models.explained import Explained
from ecomsql.models.purchase_value import PurchaseValue
from ecomsql.models.value_corrections import CONSTANT, Numbers, ValueCorrections
from ecomsql.progress import checkpoint

INPUTS = ("frequency", "recency", "age", "mean_amount")
"""What BG/NBD and Gamma-Gamma look at."""
TIMES = frozenset(INPUTS[:3])


def average_customer(history: pl.DataFrame) -> dict[str, float]:
    """Return the mean of each of :data:`INPUTS` over customers."""
    return {name: float(history[name].mean()) for name in INPUTS}  # type: ignore[arg-type]


def value_contributions(
    base: PurchaseValue,
    corrections: ValueCorrections | None,
    share: float,
    history: pl.DataFrame,
    average: Mapping[str, float],
    *,
    days: float,
    discount: float,
) -> tuple[Explained, float]:
    """Explain the money expected of customers within the next `days`.

    Of BG/NBD with Gamma-Gamma by exact Shapley values of :data:`INPUTS` against the average
    customer, over the 16 sets of them. Trees say one number for everyone, which is part of the
    same function, and by TreeSHAP (Lundberg, Erion, Lee, 2018) what each of their features adds;
    that is scaled to the horizon and discounted as the customer's own purchases are. Where the
    sum passes 0, below which expectations are cut off, only the share of the straight way from
    base to sum that is above 0 counts: integrated gradients (Sundararajan, Taly, Yan, 2017) of
    the cut.

    Parameters
    ----------
    share : float
        How much the corrections count.
    history : DataFrame
        At least one customer.
    average : mapping
        As :func:`average_customer` gives it, of the customers learned from.

    Returns
    -------
    Explained, and the base
        The contributions and the base add up to the expected value.
    """
    trees = corrections if share > 0 else None
    asked = _Asked(base, trees, share, history, dict(average), days, discount)
    added = {} if trees is None else trees.contributions(history, base)
    constant = added.pop(CONSTANT, np.zeros(len(history)))
    found = dict(
        zip(INPUTS, baseline_shapley(lambda one: asked.worth(one, constant), INPUTS).T, strict=True)
    )
    start = float(asked.worth(frozenset(), constant)[0])
    for name, part in added.items():
        found[name] = found.get(name, 0.0) + asked.scale(TIMES) * part
    contributions = np.stack(list(found.values()), axis=1)
    contributions *= _above(start, start + contributions.sum(axis=1))[:, None]
    told = history if trees is None else trees.told(history, base)
    values = told.select(*found).fill_null(np.nan).to_numpy()
    return Explained(history.select("user"), list(found), values, contributions), max(start, 0.0)


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is asked of some customers, of whom some inputs are known, others as on average."""

    base: PurchaseValue
    trees: ValueCorrections | None
    share: float
    history: pl.DataFrame
    average: dict[str, float]
    days: float
    discount: float
    seen: dict[Players, tuple[Numbers, Numbers, Numbers]] = field(default_factory=dict)

    def worth(self, known: Players, constant: Numbers) -> Numbers:
        """Return the expected value before it is cut off, with what trees say of everyone."""
        orders, now, _ = self._orders(known & TIMES)
        spend = self.base.expected_spend(self._customers(known))
        found: Numbers = now * orders * spend + self.scale(known & TIMES) * constant
        return found

    def scale(self, times: Players) -> Numbers:
        """Return what is made of a correction within the days that trees learned from."""
        _, now, growth = self._orders(times)
        found: Numbers = now * self.share * growth
        return found

    def _orders(self, times: Players) -> tuple[Numbers, Numbers, Numbers]:
        """Return purchases, what one is worth now, and what corrections grow by."""
        if times not in self.seen:
            checkpoint()
            # Where most is as on average, few customers differ.
            few, places = _distinct(self._customers(times).select(INPUTS[:3]))
            growth = np.zeros(len(few))
            if self.trees is not None:
                growth = self.trees.growth(few, self.base, self.days)
            orders = self.base.expected_orders(few, self.days)
            now = self.base.worth(few, self.days, self.discount)
            self.seen[times] = (orders[places], now[places], growth[places])
        return self.seen[times]

    def _customers(self, known: Players) -> pl.DataFrame:
        unknown = [pl.lit(self.average[name]).alias(name) for name in INPUTS if name not in known]
        return self.history.select(INPUTS).with_columns(unknown)


def _distinct(rows: pl.DataFrame) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """Return each row once, and the place there of each."""
    found, places = np.unique(rows.to_numpy(), axis=0, return_inverse=True)
    return pl.DataFrame(found, schema=rows.columns), places.ravel()


def _above(start: float, end: Matrix) -> Matrix:
    """Return which share of the way from start to end is above 0."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    length = high - low
    found = np.where(low >= 0, 1.0, 0.0)
    np.divide(high, length, out=found, where=(low < 0) & (high > 0))
    return found
