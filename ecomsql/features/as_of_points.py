"""The past cut into points in time to learn from, and what happened after each."""

from __future__ import annotations

import polars as pl

from ecomsql.features.event_log import EventLog, is_purchase

MOST = 8
"""Points, at most."""
ENOUGH = 3
"""Points for which less history is accepted."""


def as_of_points(first: float, end: float, horizon: float) -> list[float]:
    """Return the points to learn from, in order.

    The last is a horizon before the end, the others a horizon apart, or a multiple of it where the
    later half of the history is longer than eight horizons: what happens after one point ends
    before the next begins, so that the last can be held out. Before the first there is at least a
    horizon of history, or, where that leaves fewer than three points, a quarter of one.

    Parameters
    ----------
    first, end : float
        When the history begins and ends, in seconds.
    horizon : float
        How far is looked ahead, in seconds.

    Returns
    -------
    list of float
        Empty where the history is shorter than the horizon.

    Examples
    --------
    >>> as_of_points(0, 60, 7)
    [11, 18, 25, 32, 39, 46, 53]
    >>> as_of_points(0, 10, 7)
    [3]
    >>> as_of_points(0, 7, 7)
    []
    """
    for needed in (horizon, horizon / 4, 0.0):
        room = (end - horizon - first - needed) // horizon + 1
        if room >= (ENOUGH if needed == horizon else 2 if needed else 1):
            break
    step = horizon * max(1, int((end - first) / 2 // (MOST * horizon)))
    points = [end - horizon - at * step for at in range(MOST)]
    return [at for at in reversed(points) if at - first >= needed and at > first]


def happened(log: EventLog, rows: pl.DataFrame, horizon: float, *, bought: bool) -> pl.Series:
    """Return for each row whether it is followed by a purchase within the horizon.

    Parameters
    ----------
    log : EventLog
    rows : DataFrame
        ``cut, user``, and ``item`` where the purchase has to be of the item.
    horizon : float
        Seconds from the as-of on, the as-of counted in and the end not.
    bought : bool
        False: any event counts.
    """
    keys = [name for name in ("user", "item") if name in rows.columns]
    after = []
    for cut in rows["cut"].unique().sort():
        events = log.between(cut, cut + horizon)
        events = events.filter(is_purchase) if bought else events
        after.append(events.select(pl.lit(cut).alias("cut"), *keys).unique())
    if not after:
        return pl.Series("happened", [], dtype=pl.Boolean)
    found = pl.concat(after).with_columns(happened=True)
    joined = rows.select("cut", *keys).join(
        found, on=["cut", *keys], how="left", maintain_order="left"
    )
    return joined["happened"].fill_null(value=False)
