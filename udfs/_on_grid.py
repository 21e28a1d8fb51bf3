"""Reads the series that the macro _series has put on a grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ecomsql import options, roles
from ecomsql.cache import content_key
from ecomsql.errors import DataError

if TYPE_CHECKING:
    from ecomsql.models.series_batch import SeriesBatch

GRID = 'STRUCT(codes INTEGER[], places BIGINT[][], "values" DOUBLE[][], seasons BIGINT[])'
"""SQL type of the series that the macro _series_call lists."""
ONE_WITHOUT = ("series_col", "item_col")
"""Columns without which, when NULL is given, all rows are one series."""
FREQUENCIES = ("hour", "day", "week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True, eq=False)
class OnGrid:
    """Series on a grid, as one list of steps that have a value.

    Attributes
    ----------
    codes, places : int64 arrays, shape (n_steps,)
        Series of each step, from 0, and its place on the grid; ascending.
    values : float64 array, shape (n_steps,)
    seasons : int64 array, shape (n_series,)
    """

    codes: np.ndarray
    places: np.ndarray
    values: np.ndarray
    seasons: np.ndarray

    @classmethod
    def of(cls, grid: pa.StructArray) -> OnGrid:
        """Read the single row of a UDF, whose series are in any order; without any, NULLs."""
        codes, places, values, seasons = (
            grid.field(name) for name in ("codes", "places", "values", "seasons")
        )
        order = np.argsort(codes.flatten().to_numpy())
        by_series, told = (one.flatten() for one in (places, values))
        if (order != np.arange(len(order))).any():
            by_series, told = by_series.take(pa.array(order)), told.take(pa.array(order))
        lengths = by_series.value_lengths().to_numpy(zero_copy_only=False).astype(np.int64)
        return cls(
            np.repeat(np.arange(len(lengths)), lengths),
            by_series.flatten().to_numpy(),
            told.flatten().to_numpy(),
            seasons.flatten().to_numpy()[order],
        )

    def __len__(self) -> int:
        """Return the number of series."""
        return len(self.seasons)

    def key(self, kind: str, asked: Any) -> str:
        """Return a name for what is computed from the series and from what was asked, as JSON."""
        return f"{kind}:" + content_key([self.codes, self.places, self.values, self.seasons], asked)

    def batch(self, season: int | None, *, total: bool) -> SeriesBatch:
        """Return the series without gaps.

        Parameters
        ----------
        season : int or None
            Steps a season of all series; None: of each its own.
        total : bool
            Steps without a value are 0; else on a straight line.
        """
        from ecomsql.features.series_grid import series_on_grid
        from ecomsql.models.series_batch import SeriesBatch

        series = series_on_grid(self.codes, self.places, self.values, total=total)
        own = self.seasons if season is None else np.full(len(self), season, dtype=np.int64)
        return SeriesBatch.of(series, own)

    def known(self, *, total: bool) -> np.ndarray:
        """Return 1 where a value of the batch is one of the data, 0 where it fills a gap.

        Parameters
        ----------
        total : bool
            As of the batch: steps without a value are 0 then, and known to be.

        Returns
        -------
        float64 array, shape (n_series, longest)
            NaN in front of shorter series.
        """
        from ecomsql.features.series_grid import series_on_grid
        from ecomsql.models.series_batch import SeriesBatch

        marks = series_on_grid(self.codes, self.places, np.ones_like(self.values), total=True)
        known = SeriesBatch.of(marks).values
        return np.where(np.isfinite(known), 1.0, np.nan) if total else known


def check_series(wanted: Mapping[str, Any]) -> int | None:
    """Raise for what is wrong with the columns, their values, or the rhythm that was asked for.

    Parameters
    ----------
    wanted : mapping
        `roles`: columns by argument; `columns`: those that there are; `wrong`: numbers of values
        that cannot be used, and examples; `frequency`; `options`, with `season`.

    Returns
    -------
    int or None
        The season that was given.
    """
    required = {
        role: name
        for role, name in wanted["roles"].items()
        if name is not None or role not in ONE_WITHOUT
    }
    columns = roles.resolve(wanted["columns"] or [], required=required, optional={})
    if wanted["frequency"] is not None:
        options.choice("frequency", wanted["frequency"], FREQUENCIES)
    _check_values(wanted["wrong"], columns)
    season = wanted["options"]["season"]
    return None if season is None else options.whole("season", season, at_least=1)


def _check_values(wrong: Mapping[str, Any], columns: Mapping[str, str | None]) -> None:
    times, values = columns["time_col"], columns["value_col"]
    if wrong["bad_times"]:
        raise DataError(
            f"time_col '{times}' holds {wrong['bad_times']} values that are neither times nor "
            f"whole numbers, such as '{wrong['bad_time']}'; turn them into times, like "
            f"strptime({times}, '%d.%m.%Y') or CAST({times} AS TIMESTAMP), and leave out others"
        )
    if wrong["far_times"]:
        raise DataError(
            f"time_col '{times}' holds {wrong['far_times']} times before 1900 or after 2199, such "
            f"as {wrong['far_time']}; filter them out, like WHERE {times} < '2200-01-01'"
        )
    if wrong["bad_values"]:
        raise DataError(
            f"value_col '{values}' holds {wrong['bad_values']} values that are no numbers"
        )
