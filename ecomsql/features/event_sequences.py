"""The last events of users as of points in time, one after the other, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecomsql.features.event_log import EventLog
from ecomsql.features.item_demand import item_demand
from ecomsql.features.price_habit import habits

LENGTH = 64
"""Events of a user that are looked at, the last ones."""
BUCKETS = 16
"""Steps of popularity that items are told apart by; 0 is no item."""
NUMBERS = ("before", "since", "price", "quantity")
"""Logarithms of the hours to the event before and to the as-of; of the price against the user's
habit; of the quantity."""


@dataclass(frozen=True, slots=True, eq=False)
class EventSequences:
    """Sequences of equal length, padded at the front.

    Attributes
    ----------
    kinds : int64 array, shape (n, length)
        Kind of event + 1; 0 is padding.
    buckets : int64 array, shape (n, length)
        Popularity of the item.
    numbers : float32 array, shape (n, length, 4)
        As :data:`NUMBERS` has them, about -3 to 3.
    """

    kinds: NDArray[np.int64]
    buckets: NDArray[np.int64]
    numbers: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.kinds)

    def take(self, rows: NDArray[Any] | slice) -> EventSequences:
        """Return some of the rows."""
        return EventSequences(self.kinds[rows], self.buckets[rows], self.numbers[rows])


def event_sequences(log: EventLog, rows: pl.DataFrame) -> EventSequences:
    """Return the sequence of each row; nothing at or after its as-of is looked at.

    Parameters
    ----------
    log : EventLog
    rows : DataFrame
        ``cut`` and ``user``.
    """
    n = len(rows)
    kinds = np.zeros((n, LENGTH), dtype=np.int64)
    buckets = np.zeros((n, LENGTH), dtype=np.int64)
    numbers = np.zeros((n, LENGTH, len(NUMBERS)), dtype=np.float32)
    placed = rows.select("cut", "user").with_row_index("row")
    for cut in rows["cut"].unique().sort():
        wanted = placed.filter(pl.col("cut") == cut).select("row", "user")
        found = _lasts(log.before(cut), cut, wanted)
        at = found["row"].to_numpy(), LENGTH - 1 - found["back"].to_numpy()
        kinds[at] = found["kind"].to_numpy().astype(np.int64) + 1
        buckets[at] = found["bucket"].to_numpy()
        numbers[at] = found.select(NUMBERS).to_numpy()
    return EventSequences(kinds, buckets, numbers)


def _lasts(past: pl.DataFrame, cut: float, wanted: pl.DataFrame) -> pl.DataFrame:
    """Return the last events of users: row, back (0: the last), and what is told of each."""
    demand = item_demand(past, cut).select("item", "popularity")
    hours = pl.col("time").diff().over("user") / 3600
    place = pl.int_range(pl.len()).reverse().over("user")
    bucket = (2 * pl.col("popularity")).floor().clip(0, BUCKETS - 2) + 1
    return (
        past.with_columns(gap=hours, back=place)
        .filter(pl.col("back") < LENGTH)
        .join(wanted, on="user")
        .join(demand, on="item", how="left")
        .join(habits(past), on="user", how="left")
        .select(
            "row",
            "back",
            "kind",
            bucket=bucket.fill_null(0).cast(pl.Int64),
            before=(pl.col("gap").fill_null(0.0).log1p() - 3) / 3,
            since=(((cut - pl.col("time")) / 3600).log1p() - 6) / 2,
            price=_bounded((pl.col("price") + 0.01).log() - pl.col("habit")),
            quantity=_bounded(pl.col("quantity").abs().log1p() - 1),
        )
    )


def _bounded(number: pl.Expr) -> pl.Expr:
    return number.fill_nan(None).fill_null(0.0).clip(-3, 3)
