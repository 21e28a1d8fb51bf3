"""Series without their season, and forecasts with it again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ecomsql.models.forecaster import Forecast
from ecomsql.models.ragged import Ragged
from ecomsql.models.season_worth import worth_its_season
from ecomsql.models.seasonal_indices import seasonal_indices
from ecomsql.models.seasonal_test import seasonal
from ecomsql.models.series_batch import Matrix, SeriesBatch

LONG = 24
"""Longer seasons have to be worth their indices, too."""
SMALLEST = 0.01
"""Indices to divide by are at least this; the season is taken to add otherwise."""


@dataclass(frozen=True, slots=True, eq=False)
class Deseasonalised:
    """What is left of series, and what was taken off them.

    Attributes
    ----------
    batch : SeriesBatch
        Without a season.
    plus, times : float64 arrays, shape (season, n_series)
        What each place in the season adds and by what it multiplies, from the first value on: 0 and
        1 for series that do not pass the seasonal test.
    """

    batch: SeriesBatch
    plus: Matrix
    times: Matrix

    @classmethod
    def of(cls, batch: SeriesBatch) -> Deseasonalised:
        """Take the season off those of one season and falling length that have one.

        By division where all values are positive, by subtraction elsewhere (Assimakopoulos and
        Nikolopoulos, The theta model, 2000). A series whose season is long keeps it where the
        forecasts of a simple model are no better without.
        """
        season, series = int(batch.season[0]), Ragged.from_batch(batch)
        plus, times = np.zeros((season, len(batch))), np.ones((season, len(batch)))
        found = np.flatnonzero(seasonal(series, season))
        none = np.ones_like(batch.season)
        if not len(found):
            return cls(SeriesBatch(batch.values, batch.lengths, none), plus, times)
        some = series.take(found)
        there = np.arange(len(some.values))[:, None] < some.lengths
        factors = seasonal_indices(some, season, multiplicative=True)
        divide = np.where(there, some.values, np.inf).min(axis=0) > 0
        divide &= factors.min(axis=0) >= SMALLEST
        times[:, found] = np.where(divide, factors, 1.0)
        terms = seasonal_indices(some, season, multiplicative=False)
        plus[:, found] = np.where(divide, 0.0, terms)
        at = _places(batch, np.arange(batch.values.shape[1]) - batch.values.shape[1], season)
        each = np.arange(len(batch))[:, None]
        flat = (batch.values - plus[at, each]) / times[at, each]
        if season > LONG:
            left = Ragged.from_batch(SeriesBatch(flat, batch.lengths, none)).take(found)
            vain = found[~worth_its_season(some, left, season)]
            plus[:, vain], times[:, vain], flat[vain] = 0.0, 1.0, batch.values[vain]
        return cls(SeriesBatch(flat, batch.lengths, none), plus, times)

    def off(self, ahead: Matrix) -> Matrix:
        """Take the season off what comes after, shape (n_series, steps)."""
        each, season = np.arange(len(self.batch))[:, None], len(self.plus)
        places = _places(self.batch, np.arange(ahead.shape[1]), season)
        found: Matrix = (ahead - self.plus[places, each]) / self.times[places, each]
        return found

    def again(self, found: Forecast) -> Forecast:
        """Put the season back into forecasts."""
        each, season = np.arange(len(self.batch))[:, None], len(self.plus)
        ahead = _places(self.batch, np.arange(found.mean.shape[1]), season)
        mean = found.mean * self.times[ahead, each] + self.plus[ahead, each]
        fitted = found.fitted
        if fitted is not None:
            past = _places(self.batch, np.arange(fitted.shape[1]) - fitted.shape[1], season)
            fitted = fitted * self.times[past, each] + self.plus[past, each]
        return replace(found, mean=mean, sd=found.sd * self.times[ahead, each], fitted=fitted)


def _places(batch: SeriesBatch, steps: np.ndarray, season: int) -> np.ndarray:
    """Return the place in the season of steps after the end, shape (n_series, n_steps)."""
    places: np.ndarray = (batch.lengths[:, None] + steps) % season
    return places
