"""What BG/NBD and Gamma-Gamma get wrong about customers, learned by gradient-boosted trees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecomsql.errors import DataError, ModelError
from ecomsql.features.calendar import end_of_day
from ecomsql.features.customer_history import customer_history
from ecomsql.features.customer_outcome import customer_outcome
from ecomsql.features.row_order import row_order
from ecomsql.features.table import Rows, Schema, Table
from ecomsql.models.purchase_value import PurchaseValue
from ecomsql.models.table_fitting import fit_table
from ecomsql.models.table_model import REGRESS, TableModel
from ecomsql.models.target import Target
from ecomsql.storage import StoredModel

Numbers = NDArray[np.float64]

CUSTOMERS = 30
"""Customers at the cut below which nothing is learned."""
RETURNING = 10
"""Of these, those who came back after it."""
TREES: dict[str, Any] = {"leaves": 7, "min_rows": 50}
"""Little is left to learn: small trees."""
TARGETS = ("orders", "value")
CONSTANT = ""
"""Stands for the feature of what is said of everyone."""


def lessons(orders: pl.DataFrame, *, end: int, window: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what was known of customers before the last `window` days, and what they did then."""
    cut = end - window
    history = customer_history(orders, as_of=end_of_day(cut))
    return history, customer_outcome(orders, history["user"], after=cut, days=window)


@dataclass(frozen=True, eq=False)
class ValueCorrections:
    """Two regressors: of purchases, and of money, each less what is expected of the customer.

    Trained at a cut before now: what was known at the cut foresees what came in the days after it.
    The trees add to the expectation, so that where there is nothing to learn they change nothing,
    and a horizon longer than the history allows to learn is left to the model below them.

    Attributes
    ----------
    orders, value : TableModel
    window : int
        Days after the cut.
    """

    orders: TableModel
    value: TableModel
    window: int

    @classmethod
    def fit(
        cls, orders: pl.DataFrame, base: PurchaseValue, *, end: int, window: int, seed: int
    ) -> Self:
        """Learn from what happened within the last `window` days.

        Parameters
        ----------
        orders : DataFrame
            Columns user, time and amount; nothing after `end` may be there.
        base : PurchaseValue
            What to correct. Its few parameters come from all days up to `end`: those of a model
            of the shorter history before the cut are worse, and its faults not those to correct.
        end : int
            The last day, since 1970.

        Raises
        ------
        DataError
            If too few customers are there at the cut, or come back after it.
        """
        history, outcome = lessons(orders, end=end, window=window)
        returning = int((outcome["orders"] > 0).sum())
        if window < 1 or len(history) < CUSTOMERS or returning < RETURNING:
            raise DataError(
                f"too little history for lightgbm: {max(window, 0)} days before its end there "
                f"were {len(history)} customers, of whom {returning} came back; it takes "
                f"{CUSTOMERS} and {RETURNING}"
            )
        rows = Rows.of_numbers(_told(history, base, window))
        schema = Schema.fit(rows, range(len(rows.names)))
        order = row_order(list(rows.numbers.T), seed=seed)
        table = schema.table(rows, schema.places(rows.names)).take(order)
        expected = dict(zip(TARGETS, _expected(base, history, window), strict=True))
        fitted = {
            name: fit_table(
                "lightgbm",
                schema,
                table,
                Target((outcome[name].to_numpy() - expected[name])[order], 0),
                classes=(),
                seed=seed,
                options=TREES,
            )
            for name in TARGETS
        }
        return cls(**fitted, window=window)

    def __call__(
        self, history: pl.DataFrame, base: PurchaseValue, days: float
    ) -> tuple[Numbers, Numbers]:
        """Return what to add to expected purchases and money within `days`.

        Where these are not the days learned from, the addition grows as the purchases that are
        expected.
        """
        rows = Rows.of_numbers(self.told(history, base))
        growth = self.growth(history, base, days)
        added = [
            growth * model.predict(model.table(rows))[0] for model in (self.orders, self.value)
        ]
        return added[0], added[1]

    def growth(self, history: pl.DataFrame, base: PurchaseValue, days: float) -> Numbers:
        """Return what corrections for the days learned from are multiplied by, for others."""
        near = base.expected_orders(history, self.window)
        far = base.expected_orders(history, days)
        found = np.full(len(history), days / self.window)
        np.divide(far, near, out=found, where=near > 0)
        return found

    def told(self, history: pl.DataFrame, base: PurchaseValue) -> pl.DataFrame:
        """Return the features: the history, and what is expected within the days learned from."""
        return _told(history, base, self.window)

    def contributions(self, history: pl.DataFrame, base: PurchaseValue) -> dict[str, Numbers]:
        """Return what each feature adds to the correction of money, and CONSTANT to everyone's."""
        parts = self.value.contributions(self.table(history, base))
        return dict(zip([*self.value.schema.names, CONSTANT], parts.T, strict=True))

    def table(self, history: pl.DataFrame, base: PurchaseValue) -> Table:
        """Return the features as the regressor of money takes them."""
        return self.value.table(Rows.of_numbers(self.told(history, base)))

    def refitted(
        self, history: pl.DataFrame, value: Numbers, base: PurchaseValue, *, seed: int
    ) -> Self:
        """Return the same with the regressor of money trained on these customers alone."""
        expected = _expected(base, history, self.window)[1]
        [member] = self.value.members
        told = type(member).fit(
            self.table(history, base),
            Target(value - expected, 0),
            seed=seed,
            effort=member.effort,
            **TREES,
        )
        return replace(self, value=replace(self.value, members=(told,)))

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes, about."""
        return self.orders.nbytes + self.value.nbytes

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the arrays and JSON values from which :meth:`from_state` restores it."""
        arrays: dict[str, np.ndarray] = {}
        values: dict[str, Any] = {"window": self.window}
        for name in TARGETS:
            stored = getattr(self, name).stored()
            arrays |= {f"{name}.{key}": array for key, array in stored.arrays.items()}
            values[name] = stored.values
        return arrays, values

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`; raise ModelError if anything does not fit."""
        window = values.get("window")
        if not isinstance(window, int) or window < 1:
            raise ModelError("the stored model does not say what days it learned from")
        models = {}
        for name in TARGETS:
            prefix = f"{name}."
            own = {
                key.removeprefix(prefix): array
                for key, array in arrays.items()
                if key.startswith(prefix)
            }
            if not isinstance(values.get(name), dict):
                raise ModelError(f"the stored model lacks the trees for {name}")
            models[name] = TableModel.restored(StoredModel(REGRESS, "lightgbm", own, values[name]))
        return cls(**models, window=window)


def _expected(base: PurchaseValue, history: pl.DataFrame, days: float) -> tuple[Numbers, Numbers]:
    orders = base.expected_orders(history, days)
    return orders, orders * base.expected_spend(history)


def _told(history: pl.DataFrame, base: PurchaseValue, window: int) -> pl.DataFrame:
    orders, value = _expected(base, history, window)
    return history.drop("user").with_columns(
        p_alive=pl.Series(base.p_alive(history)),
        expected_orders=pl.Series(orders),
        expected_spend=pl.Series(base.expected_spend(history)),
        expected_value=pl.Series(value),
    )
