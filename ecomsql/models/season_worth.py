"""Whether a long season is worth its many indices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Matrix
from ecomsql.models.theta_fit import SKIPPED, fit_theta
from ecomsql.models.theta_lines import Lines

OTHERS = 4
"""Parameters without a season: first level, smoothing, share of the line, variance."""


def worth_its_season(series: Ragged, flat: Ragged, season: int) -> NDArray[np.bool_]:
    """Say of which series the forecasts are better without their season, shape (n_series,).

    By AICc of the dynamic optimised theta model's one-step forecasts of either, where a season
    counts as one parameter less than it has steps.

    Parameters
    ----------
    series, flat : Ragged
        The same series with their season and without it, in the same units.
    season : int
        Steps a season.
    """
    own, left = (_squares(one) for one in (series, flat))
    count = np.maximum(series.lengths - SKIPPED, 1).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = count * (np.log(own) - np.log(left))
    price = _penalty(count, OTHERS + season - 1) - _penalty(count, OTHERS)
    better: NDArray[np.bool_] = (gain > price) | ((left == 0) & (own > 0))
    return better


def _squares(series: Ragged) -> Matrix:
    return fit_theta(series, Lines.of_past(series), optimised=True).squares


def _penalty(count: Matrix, parameters: int) -> Matrix:
    """Return what AICc adds for a number of parameters; infinite where values are too few."""
    spare = count - parameters - 1.0
    return np.where(spare > 0, 2.0 * parameters * count / np.maximum(spare, 1.0), np.inf)
