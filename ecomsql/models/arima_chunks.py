"""Fits of any number of ARMA models, in chunks of like models that fit the processor's cache."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ecomsql.models.arima_conditional import conditional_slopes
from ecomsql.models.arima_exact import exact_slopes
from ecomsql.models.arima_fit import Fitted, fit
from ecomsql.models.arima_lanes import Lanes, Longs
from ecomsql.models.arima_polynomials import Matrix
from ecomsql.progress import checkpoint

WIDE = 12_000
"""Entries, about, of the state of a chunk's lanes."""
LONG = 1_000_000
"""Entries, about, of the errors of a chunk's lanes."""


def fit_all(
    data: Matrix, lengths: Longs, lanes: Lanes, season: int, *, exact: bool, tolerance: float
) -> Fitted:
    """Do what :func:`~ecomsql.models.arima_fit.fit` does for any number of lanes.

    Lanes with the same state's size and length go together, because a chunk costs what its largest
    and longest lane does.

    Parameters
    ----------
    data : float64 array, shape (longest, 2, n_series)
        Series and ones.
    """
    found = Fitted(lanes.free.copy(), np.full(len(lanes), np.inf))
    for some in _chunks(lanes, lengths[lanes.rows], season):
        checkpoint()
        part = lanes.take(some)
        rows, places = np.unique(part.rows, return_inverse=True)
        columns = 1 + int(part.orders[4].any())
        seen = np.ascontiguousarray(data[: lengths[rows].max(), :columns][..., rows])
        slopes = partial(
            exact_slopes if exact else conditional_slopes, seen, lengths[rows], season=season
        )
        near = fit(Lanes(places, part.orders, part.free), slopes, tolerance=tolerance)
        found.free[:, some], found.loss[some] = near.free, near.loss
    return found


def _chunks(lanes: Lanes, lengths: Longs, season: int) -> Iterator[Longs]:
    """Yield lanes that cost alike."""
    p, q, seasonal_p, seasonal_q, constant = lanes.orders
    seasons = np.maximum(seasonal_p, seasonal_q)
    size = np.maximum(p + seasonal_p * season, q + seasonal_q * season)
    copies = lanes.orders[:4].sum(axis=0) + 1
    order = np.lexsort((lengths, constant, seasons))
    at = 0
    while at < len(order):
        rest = order[at:]
        alike = (seasons[rest] == seasons[rest[0]]) & (constant[rest] == constant[rest[0]])
        many = np.cumsum(copies[rest])
        wide = many * np.maximum.accumulate(size[rest]) <= WIDE
        wide &= many * np.maximum.accumulate(lengths[rest]) <= LONG
        within = alike & wide
        count = max(1, int(np.argmin(within)) if not within.all() else len(within))
        yield rest[:count]
        at += count
