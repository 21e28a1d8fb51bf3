"""Theta models: exponential smoothing beside a straight line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ecomsql.models.deseasonalised import Deseasonalised
from ecomsql.models.fallback import instead
from ecomsql.models.forecaster import Forecast, Forecaster
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import SeriesBatch
from ecomsql.models.theta_fit import SKIPPED, fit_theta
from ecomsql.models.theta_lines import Lines
from ecomsql.models.theta_path import theta_ahead, theta_fitted

FEWEST = SKIPPED + 1
"""Values that it takes."""


class Model(Forecaster):
    """The dynamic optimised theta model, or the best of several.

    Static (``STM``, ``OTM``) and dynamic ones (``DSTM``, ``DOTM``), with theta 2 or optimised:
    Fiorucci, Pellegrini, Louzada, Petropoulos, Koehler, Models for optimising the theta method and
    their relationship to state space models, 2016. Of several, that with the least squares of
    one-step forecasts answers. A static model's line has seen the values that it forecasts, so this
    prefers it wrongly: the dynamic one alone forecasts better.

    Seasons are taken off before and put back after. Standard deviations are those of the response
    of the recursion to one error. Series shorter than 4 are answered by their last value.
    """

    method = "theta"

    @classmethod
    def _forecast(
        cls,
        batch: SeriesBatch,
        horizon: int,
        *,
        seed: int,
        models: tuple[str, ...] = ("DOTM",),
        **options: Any,
    ) -> Forecast:
        flat = Deseasonalised.of(batch)
        series = Ragged.from_batch(flat.batch)
        best = _model(series, horizon, models[0])
        for name in models[1:]:
            best = _better(best, _model(series, horizon, name))
        found = best[1]
        fitted = None if found.fitted is None else series.aligned(found.fitted)
        return instead(batch, flat.again(replace(found, fitted=fitted)), batch.lengths < FEWEST)


def _model(series: Ragged, horizon: int, name: str) -> tuple[np.ndarray, Forecast]:
    """Return the squares of a model and its forecasts; `fitted` is by time."""
    lines = Lines.of_past(series) if name.startswith("D") else Lines.static(series)
    fit = fit_theta(series, lines, optimised="O" in name)
    fitted, level = theta_fitted(series, lines, fit)
    mean, response = theta_ahead(series, lines, fit, level, horizon)
    variance = fit.squares / np.maximum(series.lengths - SKIPPED - 1, 1)
    sd = np.sqrt(np.cumsum(response**2, axis=0) * variance)
    n = len(series.lengths)
    return fit.squares, Forecast(mean.T, sd.T, [f"theta({name})"] * n, ["ok"] * n, fitted)


def _better(
    one: tuple[np.ndarray, Forecast], two: tuple[np.ndarray, Forecast]
) -> tuple[np.ndarray, Forecast]:
    """Take the second where it is better by more than rounding."""
    second = two[0] < one[0] * (1.0 - 1e-9)
    by_row, a, b = second[:, None], one[1], two[1]
    label = [y if take else x for x, y, take in zip(a.label, b.label, second, strict=True)]
    assert a.fitted is not None
    assert b.fitted is not None
    found = Forecast(
        np.where(by_row, b.mean, a.mean),
        np.where(by_row, b.sd, a.sd),
        label,
        a.status,
        np.where(second, b.fitted, a.fitted),
    )
    return np.where(second, two[0], one[0]), found
