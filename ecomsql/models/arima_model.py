"""Forecasts by ARIMA models whose orders are chosen for each series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecomsql.models.arima_chunks import fit_all
from ecomsql.models.arima_differencing import constant, difference, differences, undone
from ecomsql.models.arima_forecast import ahead
from ecomsql.models.arima_lanes import MOST, SLOTS, Lanes, Longs
from ecomsql.models.arima_polynomials import Matrix
from ecomsql.models.arima_search import FINE, Found, admitted, search
from ecomsql.models.forecaster import Forecast, naive_spread
from ecomsql.models.seasonal_strength import seasonal_strengths
from ecomsql.models.series_batch import SeriesBatch

STRONG = 0.64
"""Strength from which the season is differenced."""
LONG, MANY = 150, 12
"""Longer series, and longer seasons, are searched by the conditional likelihood."""


@dataclass(frozen=True, slots=True, eq=False)
class _Stationary:
    """Series, differenced, divided by their spread and aligned to the left.

    Attributes
    ----------
    data : float64 array, shape (longest, 2, n_series)
        Series, 0 after their end, and ones.
    lengths, d, seasonal : int64 arrays, shape (n_series,)
    scale : float64 array, shape (n_series,)
        0 of series without two different values.
    """

    data: Matrix
    lengths: Longs
    d: Longs
    seasonal: Longs
    scale: Matrix


def arima_forecast(batch: SeriesBatch, season: int, horizon: int) -> Forecast:
    """Forecast series of like length by an ARIMA model each.

    Seasonal differences by the strength of the season, others by tests, orders by AICc, parameters
    by the exact likelihood (Hyndman and Khandakar: Automatic time series forecasting, 2008).

    Parameters
    ----------
    batch : SeriesBatch
    season : int
        Values a season; 1 for models without one.
    horizon : int
    """
    ready = _stationary(batch, season)
    most = np.where(ready.scale > 0, _most(batch.lengths, season), 0)
    models = Lanes(
        np.arange(len(batch)),
        np.zeros((len(MOST) + 1, len(batch)), dtype=np.int64),
        np.zeros((SLOTS, len(batch))),
    )
    short = (batch.lengths <= LONG) & (season <= MANY)
    for some, exact in ((np.flatnonzero(short), True), (np.flatnonzero(~short), False)):
        if len(some):
            found = _searched(ready, some, most[:, some], season, exact=exact)
            models.orders[:, some], models.free[:, some] = found.orders, found.free
    return _answer(batch, ready, models, season, horizon)


def _stationary(batch: SeriesBatch, season: int) -> _Stationary:
    """Take the differences that are needed."""
    values = batch.values
    seasonal = np.zeros(len(batch), dtype=np.int64)
    enough = batch.lengths > 2 * season
    if season > 1 and enough.any():
        strength = seasonal_strengths(values[enough], batch.lengths[enough], season)
        seasonal[enough] = (strength > STRONG) & ~constant(values[enough])
        values = difference(values, seasonal > 0, season)
    d = differences(values)
    for times in (1, 2):
        values = difference(values, d >= times, 1)
    there = ~np.isnan(values)
    lengths = there.sum(axis=1)
    spread = np.nanstd(values, axis=1)
    scale = np.where(constant(values), 0.0, spread)
    data = np.ones((int(lengths.max()), 2, len(batch)))
    data[:, 0] = _left_aligned(np.where(there, values, 0.0), lengths).T
    data[:, 0] /= np.where(scale > 0, scale, 1.0)
    return _Stationary(data, lengths, d, seasonal, scale)


def _left_aligned(values: Matrix, lengths: Longs) -> Matrix:
    """Move rows to the left, zeros behind."""
    longest = int(lengths.max())
    at = np.arange(longest) + values.shape[1] - lengths[:, None]
    found = np.take_along_axis(values, np.minimum(at, values.shape[1] - 1), axis=1)
    return np.where(np.arange(longest) < lengths[:, None], found, 0.0)


def _most(lengths: Longs, season: int) -> Longs:
    """Return the largest orders that series of some lengths can bear, shape (4, n_series)."""
    short = np.minimum(MOST[0], lengths // 3)
    if season == 1:
        return np.stack([short, short, 0 * short, 0 * short])
    short = np.minimum(short, season - 1)
    seasonal = np.minimum(MOST[2], lengths // (3 * season))
    return np.stack([short, short, seasonal, seasonal])


def _searched(ready: _Stationary, some: Longs, most: Longs, season: int, *, exact: bool) -> Found:
    """Choose the models of some series, and bring their parameters to the exact likelihood's."""
    lengths = ready.lengths[some]
    data = ready.data[: lengths.max()][..., some]
    allowed = ready.d[some] + ready.seasonal[some] <= 1
    found = search(data, lengths, season, most, allowed, exact=exact)
    best = Lanes(np.arange(len(some)), found.orders, found.free)
    near = fit_all(data, lengths, best, season, exact=True, tolerance=FINE)
    kept = admitted(near.free, found.orders, season) & np.isfinite(near.loss)
    found.free[:, kept] = near.free[:, kept]
    return found


def _answer(
    batch: SeriesBatch, ready: _Stationary, models: Lanes, season: int, horizon: int
) -> Forecast:
    """Forecast the differences and undo them."""
    next_ = ahead(ready.data, ready.lengths, models, season, horizon)
    scale = np.where(ready.scale > 0, ready.scale, 1.0)[:, None]
    mean, weights = np.empty_like(next_.mean), np.empty_like(next_.weights)
    for d, seasonal in sorted(set(zip(ready.d.tolist(), ready.seasonal.tolist(), strict=True))):
        rows = (ready.d == d) & (ready.seasonal == seasonal)
        past = batch.last(d + seasonal * season + 1)[rows]
        mean[rows] = undone(next_.mean[rows] * scale[rows], past, d, seasonal, season)
        weights[rows] = undone(next_.weights[rows], 0.0 * past, d, seasonal, season)
    sd = np.sqrt(next_.variance[:, None] * np.cumsum(weights * weights, axis=1)) * scale
    labels = [
        _label(orders, d, seasonal, season)
        for orders, d, seasonal in zip(
            models.orders.T.tolist(), ready.d.tolist(), ready.seasonal.tolist(), strict=True
        )
    ]
    return _tamed(batch, Forecast(mean, sd, labels, ["ok"] * len(batch)))


def _tamed(batch: SeriesBatch, found: Forecast) -> Forecast:
    """Give a random walk's forecast where a model's leaves all proportion to the series.

    h steps ahead no series is believed to be more than 1 + h times as large as it ever was.
    """
    steps = np.arange(1, found.mean.shape[1] + 1)
    largest = np.nanmax(np.abs(batch.values), axis=1)[:, None]
    wild = ~(np.abs(found.mean) <= (1 + steps) * largest).all(axis=1)
    if not wild.any():
        return found
    walk = Forecast(
        np.broadcast_to(batch.values[:, -1:], found.mean.shape),
        naive_spread(batch)[:, None] * np.sqrt(steps),
        ["arima(0,1,0)"] * len(batch),
        ["other models run away"] * len(batch),
    )
    return Forecast(
        np.where(wild[:, None], walk.mean, found.mean),
        np.where(wild[:, None], walk.sd, found.sd),
        np.where(wild, walk.label, found.label).tolist(),
        np.where(wild, walk.status, found.status).tolist(),
    )


def _label(orders: list[int], d: int, seasonal: int, season: int) -> str:
    p, q, seasonal_p, seasonal_q, _ = orders
    short = f"arima({p},{d},{q})"
    if seasonal_p + seasonal + seasonal_q == 0:
        return short
    return f"{short}({seasonal_p},{seasonal},{seasonal_q})[{season}]"
