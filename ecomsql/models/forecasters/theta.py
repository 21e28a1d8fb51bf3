"""Theta models: exponential smoothing beside a straight line."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsql.models.forecaster import Forecast, Forecaster
from ecomsql.models.forecasters import naive
from ecomsql.models.ragged import Ragged
from ecomsql.models.seasonal_indices import seasonal_indices
from ecomsql.models.seasonal_test import seasonal
from ecomsql.models.series_batch import Matrix, SeriesBatch
from ecomsql.models.theta_fit import SKIPPED, fit_theta
from ecomsql.models.theta_lines import Lines
from ecomsql.models.theta_path import theta_ahead, theta_fitted

FEWEST = SKIPPED + 1
"""Values that it takes."""


class Model(Forecaster):
    """The best of four theta models for each series.

    The static and the dynamic one, with theta 2 or optimised (Fiorucci, Pellegrini, Louzada,
    Petropoulos, Koehler: Models for optimising the theta method and their relationship to state
    space models, 2016): the least mean square of one-step forecasts wins. Where the seasonal test
    says so, the season is taken off by classical decomposition before, by division where all
    values are positive, and put back after (Assimakopoulos and Nikolopoulos, The theta model,
    2000). Standard deviations are those of the recursion's response to one error.
    """

    method = "theta"

    @classmethod
    def _forecast(
        cls,
        batch: SeriesBatch,
        horizon: int,
        *,
        seed: int,
        models: tuple[str, ...] = ("STM", "OTM", "DSTM", "DOTM"),
        **options: Any,
    ) -> Forecast:
        series, season = Ragged.from_batch(batch), int(batch.season[0])
        plus, times = _season(series, season)
        rows = np.arange(len(series.values)) % season
        flat = series.with_values((series.values - plus[rows]) / times[rows])
        best = _best(flat, horizon, models)
        ahead = (batch.lengths + np.arange(horizon)[:, None]) % season
        each = np.arange(len(batch))
        best.mean[:] = (best.mean.T * times[ahead, each] + plus[ahead, each]).T
        best.sd[:] *= times[ahead, each].T
        assert best.fitted is not None
        fitted = series.aligned(best.fitted * times[rows] + plus[rows])
        simple = naive.Model._forecast(batch, horizon, seed=seed)
        short = batch.lengths < FEWEST
        return Forecast(
            np.where(short[:, None], simple.mean, best.mean),
            np.where(short[:, None], simple.sd, best.sd),
            ["naive" if bad else name for bad, name in zip(short, best.label, strict=True)],
            ["too few values" if bad else "ok" for bad in short],
            np.where(short[:, None], np.nan, fitted),
        )


def _season(series: Ragged, season: int) -> tuple[Matrix, Matrix]:
    """Return what the places in the season add and by what they multiply: 0 and 1 without one."""
    plus, times = np.zeros((season, len(series.lengths))), np.ones((season, len(series.lengths)))
    found = np.flatnonzero(seasonal(series, season))
    if not len(found):
        return plus, times
    some = series.take(found)
    there = np.arange(len(some.values))[:, None] < some.lengths
    positive = np.where(there, some.values, np.inf).min(axis=0) > 0
    factors = seasonal_indices(some, season, multiplicative=True)
    positive &= factors.min(axis=0) >= 0.01
    times[:, found] = np.where(positive, factors, 1.0)
    plus[:, found] = np.where(
        positive, 0.0, seasonal_indices(some, season, multiplicative=False)
    )
    return plus, times


def _best(series: Ragged, horizon: int, models: tuple[str, ...]) -> Forecast:
    """Return the forecasts of the model with the least squares; `fitted` is by time."""
    n = len(series.lengths)
    mean, sd = np.zeros((2, n, horizon))
    fitted = np.zeros_like(series.values)
    label, least = np.full(n, "", dtype=object), np.full(n, np.inf)
    for kind in ("static", "dynamic"):
        mine = [one for one in models if one.startswith("D") == (kind == "dynamic")]
        if not mine:
            continue
        lines = Lines.of_past(series) if kind == "dynamic" else Lines.static(series)
        for name in mine:
            fit = fit_theta(series, lines, optimised="O" in name)
            better = fit.squares < least * (1.0 - 1e-9)
            one_step, level = theta_fitted(series, lines, fit)
            found, response = theta_ahead(series, lines, fit, level, horizon)
            counted = np.maximum(series.lengths - SKIPPED - 1, 1)
            spread = np.sqrt(np.cumsum(response**2, axis=0) * fit.squares / counted)
            mean[better], sd[better] = found.T[better], spread.T[better]
            fitted[:, better] = one_step[:, better]
            label[better], least[better] = f"theta({name})", fit.squares[better]
    return Forecast(mean, sd, label.tolist(), ["ok"] * n, fitted)
