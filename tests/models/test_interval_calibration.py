"""Widths of intervals, learned from windows that are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ecomsql.models import forecasters
from ecomsql.models.deseasonalised import Deseasonalised
from ecomsql.models.interval_calibration import CAUTION, width_factors
from ecomsql.models.ragged import Ragged
from ecomsql.models.season_worth import worth_its_season
from ecomsql.models.series_batch import SeriesBatch


def walks(n: int, length: int = 60) -> SeriesBatch:
    steps = np.random.default_rng(8).normal(size=(n, length))
    return SeriesBatch.of(list(steps.cumsum(axis=1)))


def naive(times: float):
    """Forecast with a standard deviation that is wrong by a factor."""

    def forecast(batch: SeriesBatch, horizon: int, _known=None):
        found = forecasters.method("naive").forecast(batch, horizon, seed=1)
        return replace(found, sd=found.sd * times)

    return forecast


@pytest.mark.parametrize("times", [0.5, 1.0, 2.0])
def test_widths_that_are_wrong_are_put_right(times):
    factors = width_factors(walks(300), 4, naive(times), 0.9)
    assert factors.shape == (300, 4)
    np.testing.assert_allclose(factors * times, 1.0, rtol=0.4)


def test_one_series_has_windows_of_its_own_and_keeps_some_of_the_models_width():
    factors = width_factors(walks(1, 200), 4, naive(0.25), 0.9)
    assert (factors > 1.3).all()
    assert (factors <= 4.0 ** (10 / (10 + CAUTION)) + 1e-9).all()


def test_too_short_for_a_window():
    assert (width_factors(walks(5, 9), 4, naive(0.1), 0.9) == 1.0).all()


def test_of_each_season_by_itself():
    calm, wild = walks(150), walks(150)
    both = SeriesBatch(
        np.vstack([calm.values, wild.values]),
        np.concatenate([calm.lengths, wild.lengths]),
        np.repeat([1, 12], 150),
    )

    def forecast(batch: SeriesBatch, horizon: int, _known=None):
        return naive(0.5 if batch.season[0] == 12 else 1.0)(batch, horizon)

    factors = width_factors(both, 2, forecast, 0.9)
    assert factors[0, 0] < 1.3 < 1.6 < factors[-1, 0]


def test_constant_series_are_no_evidence():
    batch = SeriesBatch.of([np.full(50, 3.0)] * 20)
    assert np.isfinite(width_factors(batch, 3, naive(1.0), 0.9)).all()


def test_a_long_season_has_to_be_worth_its_indices():
    random = np.random.default_rng(4)
    place = np.arange(520)
    seasonal = 100 + 10 * np.sin(2 * np.pi * place / 52) + random.normal(size=520)
    plain = 100 + random.normal(size=520).cumsum() * 0.1
    batch = SeriesBatch.of([seasonal, plain], season=52)
    flat = Deseasonalised.of(batch)
    assert np.ptp(flat.times[:, 0]) > 0.1
    assert np.ptp(flat.times[:, 1]) == 0 == np.ptp(flat.plus[:, 1])
    np.testing.assert_array_equal(flat.batch.values[1], plain)
    none = Ragged.from_batch(batch)
    assert not worth_its_season(none, none, 52).any()
