"""Forecasters that are trained, kept and measured; what is known ahead."""

from __future__ import annotations

import numpy as np
import pytest

from ecomsql.errors import ModelError
from ecomsql.models import forecasters
from ecomsql.models.arima_regression import without_known
from ecomsql.models.backtest import backtest
from ecomsql.models.forecast_errors import forecast_errors, seasonal_scale
from ecomsql.models.forecast_fitting import fit_forecaster
from ecomsql.models.forecast_model import TASK, ForecastModel
from ecomsql.models.known_ahead import Known
from ecomsql.models.series_batch import SeriesBatch
from ecomsql.models.series_ends import known_of, windows_of
from ecomsql.storage import StoredModel, from_blob, to_blob

HORIZON = 4


def shop(n: int = 10, length: int = 60) -> SeriesBatch:
    random = np.random.default_rng(3)
    place = np.arange(length) % 4
    return SeriesBatch.of(
        [50 + 5 * row + 6.0 * (place == 2) + random.normal(size=length) for row in range(n)],
        season=4,
    )


def promoted(walk: bool) -> tuple[SeriesBatch, Known, np.ndarray]:
    random = np.random.default_rng(6)
    n, length = 6, 100
    columns = (random.random((n, length + HORIZON, 2)) < 0.3).astype(float)
    noise = random.normal(size=(n, length + HORIZON))
    errors = noise.cumsum(axis=1) if walk else noise
    whole = 100 + columns @ np.array([20.0, -8.0]) + errors
    known = Known(columns[:, :length], columns[:, length:])
    return SeriesBatch.of(list(whole[:, :length])), known, whole[:, length:]


def fitted(method: str, batch: SeriesBatch, **more) -> ForecastModel:
    settings = {"seed": 1, "season": None, "frequency": None, "is_demand": False, **more}
    return fit_forecaster(method, batch, HORIZON, **settings)


@pytest.mark.parametrize("walk", [False, True])
def test_regression_finds_what_was_planted(walk):
    batch, known, truth = promoted(walk)
    errors, ahead = without_known(batch, known)
    effects = ahead[known.ahead[..., 0] + known.ahead[..., 1] == 0]
    np.testing.assert_allclose(effects, 0.0, atol=1e-9)
    only = (known.ahead[..., 0] == 1) & (known.ahead[..., 1] == 0)
    np.testing.assert_allclose(ahead[only], 20.0, atol=1.2)
    assert errors.values.std(axis=1).mean() < batch.values.std(axis=1).mean()
    knowing = forecasters.method("arima").forecast(batch, HORIZON, seed=1, known=known).mean
    blind = forecasters.method("arima").forecast(batch, HORIZON, seed=1).mean
    assert np.abs(knowing - truth).mean() < 0.5 * np.abs(blind - truth).mean()


def test_columns_that_say_the_same_or_nothing_are_no_trouble():
    batch, known, _ = promoted(False)
    twice = Known(
        np.concatenate([known.past, known.past, 0 * known.past, np.nan * known.past], axis=2),
        np.concatenate([known.ahead, known.ahead, 0 * known.ahead, np.nan * known.ahead], axis=2),
    )
    once = without_known(batch, known)[1]
    np.testing.assert_allclose(without_known(batch, twice)[1], once, atol=1e-6)


def test_windows_know_what_was_before_them_and_nothing_else():
    batch, known, _ = promoted(False)
    ends = [(0, 0), (2, 7)]
    before, truth = windows_of(batch, ends, HORIZON)
    np.testing.assert_array_equal(truth[1], batch.values[2, 89:93])
    np.testing.assert_array_equal(before.values[1, -89:], batch.values[2, :89])
    beside = known_of(known, ends, HORIZON, before.values.shape[1])
    beside.check(before, HORIZON)
    np.testing.assert_array_equal(beside.past[1, -89:], known.past[2, :89])
    np.testing.assert_array_equal(beside.ahead[1], known.past[2, 89:93])


@pytest.mark.parametrize("method", ["auto", "theta", "lightgbm", "gru"])
def test_a_model_is_the_same_when_stored_and_restored(method):
    batch = shop()
    model = fitted(method, batch, options={"steps": 3} if method == "gru" else {})
    again = ForecastModel.restored(from_blob(to_blob(model.stored()), tasks=(TASK,)))
    one, two = (some.forecast(batch, HORIZON, seed=1) for some in (model, again))
    np.testing.assert_array_equal(one.mean, two.mean)
    np.testing.assert_array_equal(one.sd, two.sd)
    assert one.label == two.label


def test_auto_keeps_the_best_of_what_it_tried():
    model = fitted("auto", shop())
    figures = model.metrics
    least = min(one["mase"] for one in figures["methods"].values())
    assert figures["validation"]["mase"] <= least * 1.002
    assert set(model.members) <= set(figures["methods"])


def test_what_is_held_back_is_not_learned_from():
    batch = shop()
    spoiled = batch.values.copy()
    spoiled[:, -HORIZON:] = 1e6
    one = fitted("lightgbm", batch).metrics["validation"]["mae"]
    other = SeriesBatch(spoiled, batch.lengths, batch.season)
    two = fitted("lightgbm", other).metrics["validation"]["mae"]
    mean = batch.values[:, -HORIZON:].mean()
    assert two == pytest.approx(1e6 - mean, abs=5 + one)


@pytest.mark.parametrize(
    "changed",
    [
        {"members": []},
        {"members": ["prophet"]},
        {"members": "theta"},
        {"covariates": 3},
        {"covariates": ["promotion"], "members": ["lightgbm"]},
        {"season": 0},
        {"season": True},
        {"frequency": 4},
        {"states": []},
    ],
)
def test_forged_models(changed):
    stored = fitted("lightgbm", shop(4, 30)).stored()
    forged = StoredModel(stored.task, stored.method, stored.arrays, {**stored.values, **changed})
    with pytest.raises(ModelError):
        ForecastModel.restored(forged)


def test_errors_are_those_of_their_definitions():
    before = SeriesBatch.of([np.array([1.0, 2, 4, 7]), np.full(5, 3.0), np.zeros(3)])
    truth = np.array([[8.0, 10], [3, 5], [0, 0]])
    mean = np.array([[7.0, 12], [3, 3], [0, 0]])
    found = forecast_errors(before, truth, mean, mean - 1, mean + 1)
    np.testing.assert_allclose(found["mae"], [1.5, 1, 0])
    np.testing.assert_allclose(found["rmse"], np.sqrt([2.5, 2, 0]))
    np.testing.assert_allclose(found["smape"], [(200 / 15 + 400 / 22) / 2, 25, 0])
    np.testing.assert_allclose(found["mase"], [0.75, np.nan, np.nan])
    np.testing.assert_allclose(found["coverage"], [0.5, 0.5, 1])


def test_scale_of_series_shorter_than_their_season():
    batch = SeriesBatch.of([np.array([1.0, 2, 4]), np.arange(9.0)], season=4)
    np.testing.assert_allclose(seasonal_scale(batch), [1.5, 4])


class TestBacktest:
    def test_folds_are_in_order_and_short_series_have_fewer(self):
        batch = SeriesBatch.of([np.arange(20.0), np.arange(7.0), np.arange(3.0)])
        found = backtest(["naive"], batch, 4, 3, level=0.9, seed=1, is_demand=False)
        assert [(one.fold, one.rows.tolist()) for one in found] == [(1, [0]), (2, [0]), (3, [0, 1])]
        assert found[-1].errors["mae"][0] == pytest.approx(2.5)

    def test_a_fold_knows_nothing_of_what_comes(self):
        batch = shop()
        spoiled = batch.values.copy()
        spoiled[:, -HORIZON:] = 1e6
        other = SeriesBatch(spoiled, batch.lengths, batch.season)
        settings = {"level": 0.9, "seed": 1, "is_demand": False}
        for method in ("ets", "lightgbm"):
            one = backtest([method], batch, HORIZON, 2, **settings)[0]
            two = backtest([method], other, HORIZON, 2, **settings)[0]
            np.testing.assert_array_equal(one.errors["mae"], two.errors["mae"])
            np.testing.assert_array_equal(one.errors["coverage"], two.errors["coverage"])
