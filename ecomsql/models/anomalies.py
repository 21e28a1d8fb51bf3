"""Values of series that are far from what was to be expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from ecomsql import options as check
from ecomsql.models import forecasters
from ecomsql.models.decomposition import expected_by_others
from ecomsql.models.forecaster import power_of_two
from ecomsql.models.seldom_sold import seldom_sold, usual_moments
from ecomsql.models.series_batch import Matrix, SeriesBatch
from ecomsql.models.steady_levels import is_steady, nearest_level
from ecomsql.models.usual_errors import UsualErrors

SMOOTH = ("theta", "ets", "croston", "tsb")
AHEAD = ("naive", "seasonal_naive", "drift", *SMOOTH)
"""Forecasters that say what they would have forecast one step ahead."""
FEWEST = 12
"""Values of a series below which none is called anomalous: too few to tell what is usual."""
LEAST_SHARE = 0.005
"""Share of their level that no standard deviation of what mostly stays as it is, is below."""


@dataclass(frozen=True, slots=True, eq=False)
class Anomalies:
    """What was expected of each value, aligned as the batch; NaN where nothing was.

    Attributes
    ----------
    expected, lower, upper : float64 arrays, shape (n_series, longest)
    score : float64 array, shape (n_series, longest)
        Distance of the value from the expected one in standard deviations, 0 or more; NaN where
        there is no value.
    flagged : bool array, shape (n_series, longest)
        Whether the value is outside of `lower` to `upper`.
    """

    expected: Matrix
    lower: Matrix
    upper: Matrix
    score: Matrix
    flagged: np.ndarray

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""
        return 5 * self.expected.nbytes


def methods() -> list[str]:
    """Return the names that `method` may have."""
    return ["stl", *AHEAD]


def check_method(method: str) -> str:
    """Return the method; raise OptionError for one that does not exist."""
    return check.choice("method", method, methods())


def find_anomalies(
    batch: SeriesBatch,
    *,
    known: Matrix,
    is_demand: bool,
    method: str = "stl",
    level: float = 0.999,
    seed: int = 42,
) -> Anomalies:
    """Say which values are outside of what was to be expected.

    A series that never was below 0 is not expected to be. Of series with fewer than 12 values,
    nothing is flagged.

    Parameters
    ----------
    batch : SeriesBatch
    known : float64 array, shape (n_series, longest)
        1 where a value is one of the data, 0 where it fills a gap.
    is_demand : bool
        Whether whole numbers are counts, which vary at least as such.
    method : str
        ``stl``: the trend and season that the other values, before and after, have at each, see
        :func:`~ecomsql.models.left_out.said_by_others`; or a forecaster: what it would have
        forecast one step ahead of each value, from what came before, though with parameters of the
        whole series.
    level : float in (0, 1)
        Share of usual values that lies within the bounds, were the errors normal on the scale of
        :class:`~ecomsql.models.usual_errors.UsualErrors`.
    seed : int
        For forecasters that draw.
    """
    scale = power_of_two(batch)[:, None]
    small = SeriesBatch(batch.values / scale, batch.lengths, batch.season)
    expected = _expected(small, known, method, seed)
    never = np.nanmin(batch.values, axis=1, initial=np.inf) >= 0.0
    least = np.where(never, 0.0, -np.inf)[:, None]
    expected = np.maximum(expected, least)
    there = (known > 0.0) & np.isfinite(expected)
    is_count = _whole(batch) & is_demand & never
    if method == "stl":
        expected = _of_seldom_sold(small, expected, is_count)
    one = np.where(is_count, 1.0 / scale[:, 0], 0.0)
    share = np.zeros(len(small))
    if not is_demand:
        steady = is_steady(small.values, there)
        share[steady] = LEAST_SHARE
        if method == "stl":
            expected[steady] = nearest_level(small.values[steady], there[steady], expected[steady])
    errors = UsualErrors.of(small.values, expected, there, one, share)
    score = np.where(there, errors.distance(small.values, expected), np.nan)
    reach = float(ndtri(0.5 + level / 2.0))
    lower, upper = errors.bounds(expected, reach)
    enough = there.sum(axis=1) >= FEWEST
    flagged = there & (score > reach) & enough[:, None]
    with np.errstate(over="ignore"):
        return Anomalies(
            expected * scale, np.maximum(lower, least) * scale, upper * scale, score, flagged
        )


def _expected(batch: SeriesBatch, known: Matrix, method: str, seed: int) -> Matrix:
    if method == "stl":
        return expected_by_others(batch, known=known)
    found = forecasters.method(method).forecast(batch, 1, seed=seed).fitted
    if found is None:
        raise AssertionError(method)
    return found


def _whole(batch: SeriesBatch) -> np.ndarray:
    """Say which series are whole numbers."""
    there = np.isfinite(batch.values)
    found: np.ndarray = ((batch.values == np.round(batch.values)) | ~there).all(axis=1)
    return found


def _of_seldom_sold(batch: SeriesBatch, expected: Matrix, is_count: np.ndarray) -> Matrix:
    """Expect the mean of items that are seldom sold."""
    rows = seldom_sold(batch.values, is_count)
    if not len(rows):
        return expected
    mean, _ = usual_moments(batch.values[rows])
    found = expected.copy()
    found[rows] = np.where(np.isfinite(batch.values[rows]), mean[:, None], np.nan)
    return found
