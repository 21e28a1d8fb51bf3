"""Fits models of what customers will be worth: chosen by name, or by what was held out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import polars as pl

from ecomsql import options as check
from ecomsql.errors import DataError
from ecomsql.features.calendar import DAY, end_of_day
from ecomsql.features.customer_history import customer_history
from ecomsql.features.customer_outcome import customer_outcome
from ecomsql.features.row_order import row_order
from ecomsql.models.lifetime_value import SHARES, LifetimeValue
from ecomsql.models.purchase_value import PurchaseValue
from ecomsql.models.value_contributions import INPUTS, average_customer
from ecomsql.models.value_corrections import Numbers, ValueCorrections, lessons
from ecomsql.models.value_importance import value_importance

METHODS = ("bgnbd", "lightgbm", "auto")
JUDGED = 10
"""Customers that have to be held out to say what matters."""
HELD = 5
"""One of so many customers is held out for that, where trees learn from the others."""


def fit_lifetime_value(
    method: Any, orders: pl.DataFrame, *, as_of: float, days: float, seed: int
) -> LifetimeValue:
    """Learn from orders up to `as_of`.

    Parameters
    ----------
    method : str
        One of METHODS. 'auto' holds out the last days, as in :meth:`Past.ahead`, and takes what
        foresees them best, by the root mean squared errors of purchases and of money, each
        against that of 'bgnbd': BG/NBD alone, with the trees, or between them.
    orders : DataFrame
        Columns user (a code), time (seconds since 1970) and amount; at least one purchase.
    as_of : float
        Seconds since 1970.
    days : float
        The horizon to foresee, for the trees.

    Raises
    ------
    OptionError
        For an unknown method.
    DataError
        If there is too little history for 'lightgbm'.
    """
    name = check.choice("method", method, METHODS)
    past = Past.of(orders.filter(pl.col("time") <= as_of), as_of=as_of)
    if name != "auto":
        model = past.fitted(days, seed, share=1.0 if name == "lightgbm" else 0.0)
        return _explainable(model, past, days, seed)
    share, why = _chosen(past, days, seed)
    try:
        model = past.fitted(days, seed, share=share)
    except DataError as error:
        model, why = past.fitted(days, seed, share=0.0), {"note": str(error)}
    model.metrics["auto"] = {"picked": model.method, **why}
    return _explainable(model, past, days, seed)


@dataclass(frozen=True, eq=False)
class Past:
    """Orders up to a day, and the days of the first and the last that it knows of."""

    orders: pl.DataFrame
    first: int
    end: int

    @classmethod
    def of(cls, orders: pl.DataFrame, *, as_of: float) -> Self:
        """Return the past at `as_of`, with no order after it."""
        return cls(orders, int((orders["time"] / DAY).floor().min()), int(as_of // DAY))  # type: ignore[arg-type]

    @property
    def days(self) -> int:
        """How long it is."""
        return self.end - self.first

    def ahead(self, days: float) -> int:
        """Return how many of the last days are to the days before them as `days` to all of them.

        What is learned and chosen on those is asked to look as far ahead as it will have to.
        """
        return round(self.days * days / (self.days + days)) if self.days else 0

    def until(self, day: int) -> Past:
        """Return what was known at the end of an earlier day."""
        return Past(self.orders.filter(pl.col("time") < (day + 1) * DAY), self.first, day)

    def history(self) -> pl.DataFrame:
        """Return what is known of each customer."""
        return customer_history(self.orders, as_of=end_of_day(self.end))

    def fitted(self, days: float, seed: int, *, share: float) -> LifetimeValue:
        """Return a model of it, with trees that count by `share`."""
        history = self.history()
        base = PurchaseValue.fit(history)
        metrics: dict[str, Any] = {
            "customers": len(history),
            "returned": int((history["frequency"] > 0).sum()),
            "days": self.days,
            "bgnbd": base.orders.state(),
            "gamma_gamma": base.spend.state(),
        }
        if share == 0:
            return LifetimeValue(base, None, share, metrics)
        window = self.ahead(days)
        corrections = ValueCorrections.fit(
            self.orders, base, end=self.end, window=window, seed=seed
        )
        metrics["lightgbm"] = {
            "learned_days": window,
            "orders": corrections.orders.metrics["validation"],
            "value": corrections.value.metrics["validation"],
        }
        return LifetimeValue(base, corrections, share, metrics)


def _chosen(past: Past, days: float, seed: int) -> tuple[float, dict[str, Any]]:
    """Return the share that the trees should have, and why."""
    held = past.ahead(days)
    known = past.until(past.end - held)
    if held < 1 or len(known.orders) == 0:
        return 0.0, {"note": "the history is too short to hold any of it out"}
    try:
        model = known.fitted(held, seed, share=1.0)
    except DataError as error:
        return 0.0, {"note": str(error)}
    history = known.history()
    truth = customer_outcome(past.orders, history["user"], after=known.end, days=held)
    errors = {share: _errors(model, share, history, truth, held) for share in SHARES}
    plain = errors[0.0]
    scores = {
        share: sum(one[name] / plain[name] for name in one if plain[name] > 0)
        for share, one in errors.items()
    }
    best = min(SHARES, key=lambda share: (scores[share], share))
    return best, {
        "why": "least errors of orders and of value in the days held out",
        "held_out_days": held,
        "rmse": {SHARES[share]: one for share, one in errors.items()},
    }


def _errors(
    model: LifetimeValue, share: float, history: pl.DataFrame, truth: pl.DataFrame, days: int
) -> dict[str, float]:
    """Return the root mean squared errors of purchases and of money."""
    trial = LifetimeValue(model.base, model.corrections, share, {})
    told = trial.predict(history, days=days, discount=0.0)
    missed = {name: told[f"expected_{name}"] - truth[name] for name in ("orders", "value")}
    return {name: float((one**2).mean() ** 0.5) for name, one in missed.items()}  # type: ignore[operator]


def _explainable(model: LifetimeValue, past: Past, days: float, seed: int) -> LifetimeValue:
    """Return the model with where its explanations start, and with what matters to it."""
    history = past.history()
    found = replace(
        model, average=average_customer(history), importance=_importance(model, past, days, seed)
    )
    _, base = found.explained(history.head(1), days=days, discount=0.0)
    found.metrics.update(base=base, average_customer=dict(found.average))
    return found


def _importance(model: LifetimeValue, past: Past, days: float, seed: int) -> dict[str, float]:
    """Return what matters to foreseeing the money of the last days, as many as trees learn from.

    BG/NBD and Gamma-Gamma have too few parameters to know those days by heart; of trees, others
    that did not see the customers are asked.
    """
    window = past.ahead(days)
    history, outcome = lessons(past.orders, end=past.end, window=window)
    truth = outcome["value"].to_numpy()
    order = row_order([*history.drop("user").to_numpy().T, truth], seed=seed)
    judged, columns, trees = order, list(INPUTS), None
    if model.corrections is not None:
        judged, learned = np.split(order, [len(order) // HELD])
        trees = model.corrections.refitted(history[learned], truth[learned], model.base, seed=seed)
        columns += [name for name in trees.value.schema.names if name in history.columns]
    if window < 1 or len(judged) < JUDGED:
        return {}

    def value(some: pl.DataFrame) -> Numbers:
        expected = model.base.expected_orders(some, window) * model.base.expected_spend(some)
        if trees is None:
            return expected
        more = trees.value.predict(trees.table(some, model.base))[0]
        return np.maximum(expected + model.share * more, 0.0)

    return value_importance(
        value,
        history[judged],
        truth[judged],
        dict.fromkeys(columns),
        seed=seed,
    )
