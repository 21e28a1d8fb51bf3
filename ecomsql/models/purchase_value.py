"""How often customers will buy times what they will spend: BG/NBD and Gamma-Gamma together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecomsql.models.bg_nbd import BgNbd
from ecomsql.models.gamma_gamma import GammaGamma

Numbers = NDArray[np.float64]

YEAR = 365.0
STEPS = 48
"""Parts of the horizon whose money is discounted each by its own time."""


@dataclass(frozen=True, slots=True)
class PurchaseValue:
    """Expected purchases, and the money that they bring.

    Attributes
    ----------
    orders : BgNbd
        In days.
    spend : GammaGamma
        Of all purchases: unlike the frequency, the amounts say something from the first one on.
    """

    orders: BgNbd
    spend: GammaGamma

    @classmethod
    def fit(cls, history: pl.DataFrame) -> Self:
        """Learn from histories as :func:`~ecomsql.features.customer_history.customer_history`.

        Where all purchases are worth the same, or nothing, everyone is expected to spend that.
        """
        count, mean = _spent(history)
        try:
            spend = GammaGamma.fit(count, mean)
        except ValueError:
            spend = GammaGamma.constant(max(float(mean.mean()), 0.0))
        return cls(BgNbd.fit(*_times(history)), spend)

    def p_alive(self, history: pl.DataFrame) -> Numbers:
        """Return the probability that each customer is still active."""
        return self.orders.p_alive(*_times(history))

    def expected_orders(self, history: pl.DataFrame, days: float) -> Numbers:
        """Return how many purchases to expect within the next `days`."""
        return self.orders.expected(days, *_times(history))

    def expected_spend(self, history: pl.DataFrame) -> Numbers:
        """Return the mean spend at a purchase to expect."""
        return self.spend.expected(*_spent(history))

    def worth(self, history: pl.DataFrame, days: float, discount: float) -> Numbers:
        """Return what a purchase within the next `days` is worth now, on average, from 0 to 1.

        Parameters
        ----------
        discount : float
            Yearly rate: money in a year is worth ``1 / (1 + discount)`` of what it is now.
        """
        found = np.ones(len(history))
        if discount == 0:
            return found
        ends = np.linspace(0.0, days, STEPS + 1)
        before, sum_worth = np.zeros((2, len(history)))
        for start, end in pairwise(ends):
            until = self.expected_orders(history, float(end))
            sum_worth += (until - before) * (1.0 + discount) ** (-(start + end) / 2.0 / YEAR)
            before = until
        return np.divide(sum_worth, before, out=found, where=before > 0)

    def state(self) -> dict[str, Any]:
        """Return the parameters as JSON values."""
        return {"orders": self.orders.state(), "spend": self.spend.state()}

    @classmethod
    def from_state(cls, values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`; raise ModelError if the values cannot be right."""
        return cls(
            BgNbd.from_state(values.get("orders")), GammaGamma.from_state(values.get("spend"))
        )


def _times(history: pl.DataFrame) -> list[Numbers]:
    return [history[name].to_numpy() for name in ("frequency", "recency", "age")]


def _spent(history: pl.DataFrame) -> tuple[Numbers, Numbers]:
    return history["frequency"].to_numpy() + 1.0, history["mean_amount"].to_numpy()
