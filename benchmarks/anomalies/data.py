"""Series with planted values, whose places are known."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from benchmarks.datasets import DATA

SHARE = 0.02
"""Of the values of a series that are moved."""
LEAST, MOST = 4.0, 8.0
"""How far, in standard deviations of what a value differs from that a season before."""


@dataclass(frozen=True)
class Planted:
    """Series of one season.

    Attributes
    ----------
    season : int
    is_demand : bool
        Whether they are counts.
    series : list of float64 arrays
    where : list of bool arrays
        Which values were moved.
    """

    season: int
    is_demand: bool
    series: list[np.ndarray]
    where: list[np.ndarray]

    @classmethod
    def into(cls, series: list[np.ndarray], season: int, *, is_demand: bool) -> Planted:
        """Move a few values of each series up or down."""
        random, moved, where = np.random.default_rng(11), [], []
        for values in series:
            differences = values[season:] - values[:-season]
            spread = 1.4826 * np.median(np.abs(differences)) / np.sqrt(2.0)
            spread = max(spread, 1.0 if is_demand else 1e-3 * np.abs(values).max())
            chosen = np.zeros(len(values), dtype=bool)
            count = max(1, round(SHARE * len(values)))
            chosen[random.choice(len(values), count, replace=False)] = True
            sign = random.choice([-1.0, 1.0], len(values))
            other = values + chosen * sign * random.uniform(LEAST, MOST, len(values)) * spread
            if is_demand:
                # What cannot fall far enough rises instead.
                low = chosen & (other < 0.0)
                other = np.round(np.where(low, 2.0 * values - other, other))
            moved.append(other)
            where.append(chosen)
        return cls(season, is_demand, moved, where)


def shop() -> Planted:
    """Return the daily demand of the products of the generated shop."""
    from ecomsql.shop import simulate

    rows = simulate(items=300, users=24).tables["prices"].sort("item_id", "ts")
    series = [
        part["quantity"].to_numpy().astype(float)
        for part in rows.partition_by("item_id", maintain_order=True)
    ]
    return Planted.into(series, 7, is_demand=True)


def m3() -> Planted:
    """Return the monthly series of the M3 competition, known and later values together."""
    rows = duckdb.sql(f"""
        SELECT list(y ORDER BY t) FROM '{DATA}/m3.parquet'
        WHERE period = 'MONTHLY' GROUP BY series_id ORDER BY series_id
    """).fetchall()
    return Planted.into([np.array(one, dtype=float) for (one,) in rows], 12, is_demand=False)


SERIES = {
    "shop": (shop, (), "300 products of the generated shop, 365 days, week of 7"),
    "m3_monthly": (m3, ("m3.parquet",), "1,428 monthly series of M3"),
}
