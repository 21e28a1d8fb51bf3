"""When in the day and in the week users are active, and when the as-of is."""

from __future__ import annotations

import numpy as np
import polars as pl

from ecomsql.features.calendar import DAY, part_of
from ecomsql.features.event_log import is_purchase


def clock(past: pl.DataFrame, cut: float) -> pl.DataFrame:
    """Return users' usual hour (on the circle of a day), weekdays, and the as-of's, in UTC.

    Parameters
    ----------
    past : DataFrame
        Events before the as-of.
    cut : float
        The as-of, in seconds.
    """
    at = np.array([cut])
    hour, weekday = float(part_of(at, "hour")[0]), float(part_of(at, "weekday")[0])
    angle = pl.col("time").mod(DAY) * (2 * np.pi / DAY)
    own_day = ((pl.col("time") / DAY).floor() + 3).mod(7)
    ahead = (own_day - weekday).mod(7)
    return past.group_by("user").agg(
        angle.sin().mean().alias("hour_sin"),
        angle.cos().mean().alias("hour_cos"),
        (own_day >= 5).mean().alias("weekend_share"),
        (ahead == 0).mean().alias("same_weekday_share"),
        (ahead < 3).filter(is_purchase).mean().alias("bought_on_next_days_share"),
        pl.lit(hour).alias("as_of_hour"),
        pl.lit(weekday).alias("as_of_weekday"),
    )
