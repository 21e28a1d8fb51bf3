"""Forecasts by a method's name, their intervals, and several combined."""

from __future__ import annotations

import numpy as np
import pytest

from ecomsql.errors import OptionError
from ecomsql.models import forecasters
from ecomsql.models.combined_forecast import COMBINED
from ecomsql.models.forecasting import check_method, outlook
from ecomsql.models.series_batch import SeriesBatch


def batch() -> SeriesBatch:
    random = np.random.default_rng(3)
    walks = [10 + random.normal(size=length).cumsum() for length in (1, 2, 5, 60)]
    return SeriesBatch.of([*walks, walks[-1] - 10, np.zeros(30)], season=4)


def told(method: str, *, level: float = 0.9, is_demand: bool = False):
    return outlook(batch(), 6, method=method, level=level, seed=1, is_demand=is_demand)


def test_intervals_hold_what_normal_errors_would():
    random = np.random.default_rng(5)
    walks = random.normal(size=(400, 101)).cumsum(axis=1)
    known = SeriesBatch.of(list(walks[:, :100]))
    found = outlook(known, 1, method="naive", level=0.8, seed=1, is_demand=False)
    inside = (found.lower[:, 0] <= walks[:, 100]) & (walks[:, 100] <= found.upper[:, 0])
    assert inside.mean() == pytest.approx(0.8, abs=0.06)


def test_auto_is_the_median_of_several():
    members = [one for one in COMBINED if one in forecasters.methods()]
    parts = [forecasters.method(one).forecast(batch(), 6, seed=1).mean for one in members]
    found = told("auto")
    row = 3
    np.testing.assert_allclose(found.mean[row], np.median(parts, axis=0)[row])
    assert found.status[row] == "ok"


def test_demand_that_is_mostly_zero_gets_the_method_for_it():
    sparse = SeriesBatch.of([np.array([0.0, 0, 3, 0, 0, 0, 2, 0, 0, 0] * 4)])
    demand = outlook(sparse, 2, method="auto", level=0.9, seed=1, is_demand=True)
    price = outlook(sparse, 2, method="auto", level=0.9, seed=1, is_demand=False)
    assert demand.label[0].startswith("tsb")
    assert not price.label[0].startswith("tsb")


@pytest.mark.parametrize("method", ["auto", "naive"])
def test_nothing_falls_below_zero_that_never_was(method):
    found = told(method)
    never = np.nanmin(batch().values, axis=1) >= 0
    assert (found.lower[never] >= 0).all()
    assert (found.lower[~never] < 0).any()
    assert (told(method, is_demand=True).lower >= 0).all()


def test_methods_that_are_not_there():
    with pytest.raises(OptionError, match="cannot use covariates; take arima, lightgbm, sarima"):
        check_method("gru", knowing=True)
    with pytest.raises(OptionError, match="did you mean 'theta'"):
        check_method("teta")
