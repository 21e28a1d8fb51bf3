"""What users did, as coded events in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

VIEW, CART, PURCHASE, OTHER, RETURN = range(5)
"""Kinds of events. A purchase of a quantity of 0 or less is a return."""
KINDS = {"view": VIEW, "cart": CART, "purchase": PURCHASE, "return": RETURN}

is_purchase = pl.col("kind") == PURCHASE

SCHEMA = {
    "user": pl.Int32,
    "item": pl.Int32,
    "time": pl.Float64,
    "kind": pl.Int8,
    "price": pl.Float64,
    "quantity": pl.Float64,
}


@dataclass(frozen=True, eq=False)
class EventLog:
    """Events in the order of time; equal times in the order of everything else.

    Attributes
    ----------
    frame : DataFrame
        ``user, item`` (codes, item may be null), ``time`` (seconds), ``kind`` (one of
        :data:`KINDS` or OTHER), ``price`` (of one piece, may be null), ``quantity``.
    """

    frame: pl.DataFrame

    @classmethod
    def of(cls, frame: pl.DataFrame) -> EventLog:
        """Clean and order events, in any order, with the columns of :data:`SCHEMA`.

        A price that is negative or not finite is unknown; a quantity that is unknown is 1.
        """
        price, quantity = pl.col("price"), pl.col("quantity")
        typed = frame.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
        cleaned = typed.with_columns(
            price=pl.when(price.is_finite() & (price >= 0)).then(price),
            quantity=pl.when(quantity.is_finite()).then(quantity).otherwise(1.0),
        )
        sent_back = is_purchase & (pl.col("quantity") <= 0)
        kind = pl.when(sent_back).then(RETURN).otherwise(pl.col("kind")).cast(pl.Int8)
        order = ["time", "user", "item", "kind", "price", "quantity"]
        return cls(cleaned.with_columns(kind=kind).sort(order, nulls_last=True))

    @cached_property
    def times(self) -> NDArray[np.float64]:
        """Times of the events, in order."""
        return self.frame["time"].to_numpy()

    @property
    def first(self) -> float:
        """Time of the first event; raises IndexError where there is none."""
        return float(self.times[0])

    @property
    def last(self) -> float:
        """Time of the last event."""
        return float(self.times[-1])

    def before(self, cut: float) -> pl.DataFrame:
        """Return the events before a time, and none at it."""
        return self.frame.head(int(np.searchsorted(self.times, cut, side="left")))

    def between(self, cut: float, end: float) -> pl.DataFrame:
        """Return the events from a time on, up to but without another."""
        start, stop = np.searchsorted(self.times, [cut, end], side="left")
        return self.frame.slice(int(start), int(stop - start))
