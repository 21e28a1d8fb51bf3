"""Trend and season against another implementation, and of series of every kind."""

from __future__ import annotations

import numpy as np
import pytest
from series_data import STRANGE, many, seasonal_series

from ecomsql.models.decomposition import decompose
from ecomsql.models.local_lines import LocalLines
from ecomsql.models.loess import loess_weights
from ecomsql.models.series_batch import SeriesBatch
from ecomsql.models.stl import Windows


def rough(lengths: list[int], season: int, seed: int = 0) -> list[np.ndarray]:
    """Return series with a trend, a season, and errors that reach far now and then."""
    random = np.random.default_rng(seed)
    found = []
    for length in lengths:
        wave = np.sin(np.arange(length) * 2 * np.pi / season)
        walk = 0.1 * random.normal(size=length).cumsum()
        found.append(10.0 + walk + wave + 0.5 * random.standard_t(2, size=length))
    return found


@pytest.mark.parametrize("width", [7, 15, 31])
@pytest.mark.parametrize("beyond", [0, 1])
def test_lines_are_those_of_loess(width, beyond):
    lengths = np.array([60, 60, 44, 15, 14, 3, 2, 1])
    random = np.random.default_rng(1)
    weights = (np.arange(60)[:, None] < lengths).astype(float)
    values = random.normal(size=weights.shape) * weights
    found = LocalLines.of(lengths, width, beyond=beyond).smooth(values, weights)
    for column, length in enumerate(lengths.tolist()):
        expected = loess_weights(length, width, 1, beyond=beyond) @ values[:length, column]
        got = found[: length + 2 * beyond, column]
        np.testing.assert_allclose(got, expected, atol=1e-12)


def test_without_its_own_value_a_place_is_told_by_its_neighbours():
    random = np.random.default_rng(2)
    values, weights = random.normal(size=(40, 3)), np.ones((40, 3))
    lines = LocalLines.of(np.full(3, 40), 9)
    found = lines.smooth(values, weights, own=False)
    for place in (0, 7, 39):
        others = weights.copy()
        others[place] = 0.0
        np.testing.assert_allclose(found[place], lines.smooth(values, others)[place], atol=1e-12)


@pytest.mark.parametrize("robust", [False, True])
@pytest.mark.parametrize(
    ("season", "lengths", "window"),
    [
        (4, [8, 9, 30, 30, 61], 7),
        (7, [365, 200, 91, 90, 15, 14], 7),
        (7, [120, 100], 13),
        (12, [120, 37, 24], 7),
        (52, [312, 260, 156, 105, 104], 7),
    ],
)
def test_parts_are_those_of_statsmodels(robust, season, lengths, window):
    """Of few seasons, robust lines meet most values exactly, and others weigh them by rounding."""
    lengths = [length for length in lengths if length >= (5 if robust else 2) * season]
    stl = pytest.importorskip("statsmodels.tsa.stl._stl", reason="statsmodels is not installed")
    series = rough(lengths, season)
    found = decompose(SeriesBatch.of(series, season), windows=Windows(window), robust=robust)
    for row, values in enumerate(series):
        expected = stl.STL(values, period=season, seasonal=window, robust=robust).fit()
        told = (found.trend[row, -len(values) :], found.seasonal[row, -len(values) :])
        np.testing.assert_allclose(told[0], expected.trend, rtol=1e-8, atol=1e-8)
        np.testing.assert_allclose(told[1], expected.seasonal, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("season", [1, 4, 12, 52])
@pytest.mark.parametrize("robust", [False, True])
def test_answers_whatever_comes(season, robust):
    series = [*STRANGE.values(), *many()]
    found = decompose(SeriesBatch.of(series, season), robust=robust)
    for row, values in enumerate(series):
        assert np.isfinite(found.trend[row, -len(values) :]).all()
        assert np.isfinite(found.seasonal[row, -len(values) :]).all()
        assert np.isnan(found.trend[row, : -len(values)]).all()
        if len(values) < 2 * season or season == 1:
            assert (found.seasonal[row, -len(values) :] == 0.0).all()


@pytest.mark.parametrize("season", [1, 4])
def test_constants_and_lines_are_their_own_trend(season):
    constant, line = np.full(40, 12.34), 3.0 + 0.7 * np.arange(40)
    found = decompose(SeriesBatch.of([constant, line], season))
    np.testing.assert_array_equal(found.trend[0], constant)
    np.testing.assert_array_equal(found.seasonal[0], 0.0)
    np.testing.assert_allclose(found.trend[1], line, rtol=1e-12)


def test_series_do_not_depend_on_each_other():
    series = [*many(), *STRANGE.values()]
    together = decompose(SeriesBatch.of(series, 4))
    for row, values in enumerate(series):
        alone = decompose(SeriesBatch.of([values], 4))
        close = {"rtol": 1e-7, "atol": 1e-9 * np.abs(values).max()}
        np.testing.assert_allclose(together.trend[row, -len(values) :], alone.trend[0], **close)
        np.testing.assert_allclose(
            together.seasonal[row, -len(values) :], alone.seasonal[0], **close
        )


def test_a_wild_value_leaves_trend_and_season_alone():
    values = seasonal_series(48)
    wild = values.copy()
    wild[20] += 500.0
    found = decompose(SeriesBatch.of([values, wild], 4))
    np.testing.assert_allclose(found.trend[1], found.trend[0], atol=1.5)
    assert (wild - found.trend[1] - found.seasonal[1])[20] > 490.0


def test_gaps_count_less():
    values = seasonal_series(60)
    known = np.ones((1, 60))
    known[0, 10] = 0.0
    filled = values.copy()
    filled[10] += 8.0
    clean = decompose(SeriesBatch.of([values], 4), robust=False).trend
    told = decompose(SeriesBatch.of([filled], 4), known=known, robust=False).trend
    all_known = decompose(SeriesBatch.of([filled], 4), robust=False).trend
    assert np.abs(told - clean).max() < 0.5 * np.abs(all_known - clean).max()


def test_no_series():
    assert decompose(SeriesBatch.of([])).trend.shape[0] == 0
