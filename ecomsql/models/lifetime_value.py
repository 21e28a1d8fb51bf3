"""A fitted model of what customers will be worth."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import polars as pl

from ecomsql.errors import ModelError
from ecomsql.models.explained import Explained
from ecomsql.models.purchase_value import PurchaseValue
from ecomsql.models.value_contributions import INPUTS, value_contributions
from ecomsql.models.value_corrections import ValueCorrections
from ecomsql.storage import StoredModel

TASK = "ltv"
SHARES = {0.0: "bgnbd", 0.5: "bgnbd+lightgbm", 1.0: "lightgbm"}
"""How much the corrections by trees count, and what that is called."""


@dataclass(frozen=True, eq=False)
class LifetimeValue:
    """Foresees purchases and money of customers.

    Attributes
    ----------
    base : PurchaseValue
        BG/NBD and Gamma-Gamma.
    corrections : ValueCorrections or None
        Trees over what that gets wrong.
    share : float
        How much these count, a key of SHARES.
    metrics : dict
        Figures of training, JSON values.
    average : dict
        The average customer learned from, where explanations start; empty: an earlier version
        made the model.
    importance : dict
        Of what is known of customers, by name; empty where nothing could be held out.
    """

    base: PurchaseValue
    corrections: ValueCorrections | None
    share: float
    metrics: dict[str, Any]
    average: Mapping[str, float] = field(default_factory=dict)
    importance: Mapping[str, float] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """Return 'bgnbd', 'lightgbm' or 'bgnbd+lightgbm'."""
        return SHARES[self.share]

    def predict(self, history: pl.DataFrame, *, days: float, discount: float) -> pl.DataFrame:
        """Return p_alive, expected_orders and expected_value of each customer.

        Parameters
        ----------
        history : DataFrame
            As :func:`~ecomsql.features.customer_history.customer_history` gives it.
        days : float
            How far to look ahead.
        discount : float
            Yearly rate at which money to come is worth less; purchases are counted in full.
        """
        orders = self.base.expected_orders(history, days)
        value = orders * self.base.expected_spend(history)
        if self.corrections is not None and self.share > 0:
            more_orders, more_value = self.corrections(history, self.base, days)
            orders = np.maximum(orders + self.share * more_orders, 0.0)
            value = np.maximum(value + self.share * more_value, 0.0)
        return pl.DataFrame(
            {
                "p_alive": self.base.p_alive(history),
                "expected_orders": orders,
                "expected_value": value * self.base.worth(history, days, discount),
            }
        )

    def explained(
        self, history: pl.DataFrame, *, days: float, discount: float
    ) -> tuple[Explained, float]:
        """Return what each thing known of customers adds to expected_value, in money, and the base.

        Takes what :meth:`predict` takes, of at least one customer.

        Raises
        ------
        ModelError
            If an earlier version made the model.
        """
        if not self.average:
            raise ModelError("an earlier version made the model; train it again to explain it")
        return value_contributions(
            self.base,
            self.corrections,
            self.share,
            history,
            self.average,
            days=days,
            discount=discount,
        )

    @property
    def importances(self) -> dict[str, dict[str, float]]:
        """Return for each kind of importance that of each feature."""
        found = {"permutation": dict(self.importance)} if self.importance else {}
        if self.corrections is not None and self.share > 0:
            gains = self.corrections.value.importances
            found |= {kind: one for kind, one in gains.items() if kind == "gain"}
        return found

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes, about."""
        return 1_000 + (self.corrections.nbytes if self.corrections else 0)

    def stored(self) -> StoredModel:
        """Return what a blob holds."""
        arrays: dict[str, np.ndarray] = {"share": np.array([self.share])}
        values: dict[str, Any] = {
            "base": self.base.state(),
            "metrics": self.metrics,
            "average": dict(self.average),
            "importance": dict(self.importance),
        }
        if self.corrections is not None:
            own, values["corrections"] = self.corrections.state()
            arrays |= own
        return StoredModel(TASK, self.method, arrays, values)

    @classmethod
    def restored(cls, stored: StoredModel) -> Self:
        """Restore from :meth:`stored`; raise ModelError if anything does not fit."""
        shares = {name: share for share, name in SHARES.items()}
        if stored.method not in shares:
            raise ModelError(f"the model's method '{stored.method}' is unknown to this version")
        share = shares[stored.method]
        base, metrics = stored.values.get("base"), stored.values.get("metrics")
        corrections = stored.values.get("corrections")
        if not isinstance(base, dict) or not isinstance(metrics, dict):
            raise ModelError("the parts of the model do not fit together")
        trees = None
        if share > 0:
            if not isinstance(corrections, dict):
                raise ModelError("the model lacks its trees")
            trees = ValueCorrections.from_state(stored.arrays, corrections)
        average = _numbers(stored.values.get("average", {}))
        importance = _numbers(stored.values.get("importance", {}))
        if average and set(average) != set(INPUTS):
            raise ModelError("the parts of the model do not fit together")
        return cls(PurchaseValue.from_state(base), trees, share, metrics, average, importance)


def _numbers(values: Any) -> dict[str, float]:
    """Return names with finite numbers, or raise ModelError."""
    sound = isinstance(values, dict) and all(
        isinstance(one, float) and math.isfinite(one) for one in values.values()
    )
    if not sound:
        raise ModelError("the parts of the model do not fit together")
    return dict(values)
