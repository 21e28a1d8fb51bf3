"""The last steps of users as of points in time, one after the other, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecomsql.features.event_log import EventLog
from ecomsql.features.item_demand import item_demand
from ecomsql.features.price_habit import habits
from ecomsql.progress import checkpoint

LENGTH = 64
"""Steps of a user that are looked at, the last ones. Events of one kind at one moment are one step:
the lines of an order would push all other orders out."""
BUCKETS = 16
"""Levels of popularity that items are told apart by; 0 is no item."""
NUMBERS = ("before", "since", "price", "quantity", "lines", "sold", "asked")
"""Logarithms of the hours to the step before and to the as-of; of the mean price against the user's
habit; of the quantity; of the number of events. Log-odds that what is put into the cart is bought.
Whether the step is about the item that is asked about."""
ASKED = NUMBERS.index("asked")


@dataclass(frozen=True, slots=True, eq=False)
class EventSequences:
    """Sequences of equal length, padded at the front.

    Attributes
    ----------
    kinds : int8 array, shape (n, length)
        Kind of event + 1; 0 is padding.
    buckets : int8 array, shape (n, length)
        Popularity of the item, of several the greatest.
    numbers : float32 array, shape (n, length, 7)
        As :data:`NUMBERS` has them, about -3 to 3.
    """

    kinds: NDArray[np.int8]
    buckets: NDArray[np.int8]
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
        ``cut`` and ``user``, and ``item`` where one is asked about.
    """
    n = len(rows)
    kinds, buckets = np.zeros((2, n, LENGTH), dtype=np.int8)
    numbers = np.zeros((n, LENGTH, len(NUMBERS)), dtype=np.float32)
    placed = rows.with_row_index("row")
    for cut in rows["cut"].unique().sort():
        checkpoint()
        wanted = placed.filter(pl.col("cut") == cut).drop("cut")
        past = log.before(cut)
        events = _lasts(past.filter(pl.col("user").is_in(wanted["user"].unique().implode())))
        checkpoint()
        found = _steps(events, past, cut).join(wanted, on="user")
        at = found["row"].to_numpy(), LENGTH - 1 - found["back"].to_numpy()
        kinds[at] = found["kind"].to_numpy() + 1
        buckets[at] = found["bucket"].to_numpy()
        numbers[at] = found.select(NUMBERS).to_numpy()
        if "item" in rows.columns:
            about = events.join(wanted, on=["user", "item"])
            numbers[about["row"].to_numpy(), LENGTH - 1 - about["back"].to_numpy(), ASKED] = 1.0
    return EventSequences(kinds, buckets, numbers)


def _lasts(events: pl.DataFrame) -> pl.DataFrame:
    """Return the events of the last steps, with ``back``: which step it is, 0 the last."""
    step = ["time", "kind"]
    ordered = events.sort("user", *step, "item", "price", "quantity", nulls_last=True)
    begins = pl.any_horizontal(pl.col(name).diff().over("user") != 0 for name in step)
    numbered = ordered.with_columns(step=begins.fill_null(value=True).cum_sum().over("user"))
    back = (pl.col("step").max().over("user") - pl.col("step")).cast(pl.Int64)
    # One more, for the time that had passed before the first.
    return numbered.with_columns(back=back).filter(pl.col("back") <= LENGTH)


def _steps(events: pl.DataFrame, past: pl.DataFrame, cut: float) -> pl.DataFrame:
    """Return ``user, back`` and what is told of each step."""
    demand = item_demand(past, cut).select("item", "popularity", "bought_of_carted")
    bucket = (2 * pl.col("popularity").max()).floor().clip(0, BUCKETS - 2) + 1
    sold = pl.col("bought_of_carted")
    hours = pl.col("time").diff().over("user") / 3600
    paid = (pl.col("price") + 0.01).log() - pl.col("habit")
    return (
        events.join(demand, on="item", how="left", maintain_order="left")
        .join(habits(past), on="user", how="left", maintain_order="left")
        .group_by("user", "back", maintain_order=True)
        .agg(
            pl.col("time", "kind").first(),
            bucket=bucket.fill_null(0),
            price=_bounded(paid.mean()),
            quantity=_bounded(pl.col("quantity").sum().abs().log1p() - 1),
            lines=_bounded(pl.len().cast(pl.Float64).log() / 2),
            sold=_bounded((sold / (1.0 - sold)).log().mean() / 2),
        )
        .with_columns(
            before=(hours.fill_null(0.0).log1p() - 3) / 3,
            since=(((cut - pl.col("time")) / 3600).log1p() - 6) / 2,
            asked=pl.lit(0.0),
        )
        .filter(pl.col("back") < LENGTH)
    )


def _bounded(number: pl.Expr) -> pl.Expr:
    return number.fill_nan(None).fill_null(0.0).clip(-3, 3)
