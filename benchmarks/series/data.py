"""The series: what is known of each, and what came after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

from benchmarks.datasets import DATA

SEASONS = {"YEARLY": 1, "QUARTERLY": 4, "MONTHLY": 12, "OTHER": 1}


@dataclass(frozen=True)
class Group:
    """Series of one period, all forecast equally far ahead.

    Attributes
    ----------
    season : int
        Values a season; 1 for none.
    known, truth : list of float64 arrays
        One a series.
    """

    season: int
    known: list[np.ndarray]
    truth: list[np.ndarray]

    @property
    def horizon(self) -> int:
        """Steps to look ahead."""
        return len(self.truth[0])

    def figures(self, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return sMAPE and MASE of each series: means over the steps.

        The scale of MASE is the mean error of the seasonal naive forecast in what is known.
        """
        truth, s = np.stack(self.truth), self.season
        missed = np.abs(truth - mean)
        smape = (200.0 * missed / (np.abs(truth) + np.abs(mean))).mean(axis=1)
        scale = np.array([np.abs(one[s:] - one[:-s]).mean() for one in self.known])
        return smape, missed.mean(axis=1) / scale

    def held(self, told: Any) -> np.ndarray:
        """Return the share of what came of each series that lies within the intervals."""
        truth = np.stack(self.truth)
        return ((told.lower <= truth) & (truth <= told.upper)).mean(axis=1)


def m3() -> list[Group]:
    """Return the 3,003 series of the M3 competition, by period."""
    rows = duckdb.sql(f"""
        SELECT
            period,
            list(y ORDER BY t) FILTER (split = 'train') AS known,
            list(y ORDER BY t) FILTER (split <> 'train') AS truth
        FROM '{DATA}/m3.parquet' GROUP BY series_id, period ORDER BY series_id
    """).fetchall()
    found = {period: Group(season, [], []) for period, season in SEASONS.items()}
    for period, known, truth in rows:
        found[period].known.append(np.array(known, dtype=float))
        found[period].truth.append(np.array(truth, dtype=float))
    return list(found.values())


def m4_weekly() -> list[Group]:
    """Return the weekly series of the M4 competition, which counts no season in them."""
    rows = duckdb.sql(f"""
        SELECT known, truth
        FROM (
            SELECT series_id, list(value ORDER BY t) AS known
            FROM '{DATA}/m4_weekly_train.parquet' GROUP BY ALL
        ) JOIN (
            SELECT series_id, list(value ORDER BY t) AS truth
            FROM '{DATA}/m4_weekly_test.parquet' GROUP BY ALL
        ) USING (series_id)
        ORDER BY series_id
    """).fetchall()
    known, truth = (
        [np.array(one, dtype=float) for one in column] for column in zip(*rows, strict=True)
    )
    return [Group(1, known, truth)]


SERIES = {
    "m3": (
        m3,
        ("m3.parquet",),
        "3,003 series. Competition: Theta 12.76/1.395, ForecastPro 13.06/1.467",
    ),
    "m4_weekly": (
        m4_weekly,
        ("m4_weekly_train.parquet", "m4_weekly_test.parquet"),
        "359 series, 13 ahead. Competition: Naive 9.161/2.777, Theta 9.093/2.637, best 6.582/2.107",
    ),
}
