"""Forecasts of ARMA models, and what their errors will be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecomsql.models.arima_lanes import Lanes, Longs, polynomials
from ecomsql.models.arima_likelihood import innovations
from ecomsql.models.arima_polynomials import Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Ahead:
    """What models say of the next steps.

    Attributes
    ----------
    mean : float64 array, shape (n_series, horizon)
    weights : float64 array, shape (n_series, horizon)
        What an error counts 0, 1, ... steps later: the psi weights.
    variance : float64 array, shape (n_series,)
        Of an error.
    """

    mean: Matrix
    weights: Matrix
    variance: Matrix


def ahead(data: Matrix, lengths: Longs, models: Lanes, season: int, horizon: int) -> Ahead:
    """Look ahead from the end of each series.

    Parameters
    ----------
    data : float64 array, shape (longest, 2, n_series)
        Series, aligned to the left, and ones.
    lengths : int64 array, shape (n_series,)
    models : Lanes
        One a series, in their order.
    season : int
    horizon : int
    """
    ar, ma = polynomials(models.free, models.orders, season)
    seen = innovations(data, lengths, models.rows, ar, ma, states=True)
    errors, ones = seen.errors[:, 0], seen.errors[:, 1]
    known = (ones * ones).sum(axis=0)
    constant = np.where(models.orders[4] > 0, (ones * errors).sum(axis=0) / known, 0.0)
    left = errors - constant * ones
    spare = np.maximum(lengths - models.orders.sum(axis=0), 1)
    variance = (left * left).sum(axis=0) / spare
    mean = _onward(seen.state[0] - constant * seen.state[1], ar, horizon) + constant
    shock = np.zeros_like(seen.state[0])
    shock[: len(ar)] += ar
    shock[: len(ma)] += ma
    weights = np.concatenate([np.ones((1, len(models))), _onward(shock, ar, horizon - 1)])
    return Ahead(mean.T, weights.T, variance)


def _onward(state: Matrix, ar: Matrix, horizon: int) -> Matrix:
    """Return what states say of the next steps, shape (horizon, lanes)."""
    found = np.empty((horizon, state.shape[1]))
    for row in found:
        row[:] = state[0]
        state = np.concatenate([state[1:], np.zeros((1, state.shape[1]))])
        state[: len(ar)] += ar * row
    return found
