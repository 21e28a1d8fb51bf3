"""What customers will be worth: the models of it, chosen by name or by what was held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl

from ecomsql import options as check
from ecomsql.errors import DataError, ModelError
from ecomsql.features.calendar import DAY, end_of_day
from ecomsql.features.customer_history import customer_history
from ecomsql.features.customer_outcome import customer_outcome
from ecomsql.models.purchase_value import PurchaseValue
from ecomsql.models.value_corrections import ValueCorrections
from ecomsql.storage import StoredModel

TASK = "ltv"
METHODS = ("bgnbd", "lightgbm", "auto")
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
    """

    base: PurchaseValue
    corrections: ValueCorrections | None
    share: float
    metrics: dict[str, Any]

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

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes, about."""
        return 1_000 + (self.corrections.nbytes if self.corrections else 0)

    def stored(self) -> StoredModel:
        """Return what a blob holds."""
        arrays: dict[str, np.ndarray] = {"share": np.array([self.share])}
        values: dict[str, Any] = {"base": self.base.state(), "metrics": self.metrics}
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
        return cls(PurchaseValue.from_state(base), trees, share, metrics)


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
        return past.fitted(days, seed, share=1.0 if name == "lightgbm" else 0.0)
    share, why = _chosen(past, days, seed)
    try:
        model = past.fitted(days, seed, share=share)
    except DataError as error:
        model, why = past.fitted(days, seed, share=0.0), {"note": str(error)}
    model.metrics["auto"] = {"picked": model.method, **why}
    return model


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
