"""Innovations and exact likelihood of ARMA processes, many at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.arima_autocovariances import autocovariances
from ecomsql.models.arima_moving import divide
from ecomsql.models.arima_polynomials import Matrix

Longs = NDArray[np.int64]

SETTLED = 1e-10
"""How near to its limit the innovations' variance is when it counts as there."""
FIRST_LOOK = 8
"""Steps before the first look whether lanes have settled; then at each doubling."""


@dataclass(slots=True, eq=False)
class Innovations:
    """One-step errors of lanes, each divided by its standard deviation in units of sigma.

    Attributes
    ----------
    errors : float64 array, shape (longest, columns, lanes)
        0 after a lane's end.
    log_variance : float64 array, shape (lanes,)
        Sum of the logarithms of the one-step variances, in units of sigma squared.
    state : float64 array, shape (columns, r, lanes)
        Only if asked for: what a lane's values say of those to come; first the next one's forecast.
    """

    errors: Matrix
    log_variance: Matrix
    state: Matrix


@dataclass(slots=True, eq=False)
class _Filter:
    """Where the recursions stand: the last axis of each array is the lanes."""

    lanes: Longs
    rows: Longs
    ends: Longs
    ar: Matrix
    ma: Matrix
    limit: Matrix
    gain: Matrix
    change: Matrix
    variance: Matrix
    factor: Matrix
    states: Matrix

    def take(self, some: NDArray[np.bool_]) -> _Filter:
        """Return where some of the lanes stand."""
        return _Filter(
            *(np.ascontiguousarray(getattr(self, name)[..., some]) for name in self.__slots__)
        )

    def settled(self) -> NDArray[np.bool_]:
        """Say which lanes' variance and gain stay as they are."""
        far = np.abs(self.gain - self.limit).max(axis=0)
        done: NDArray[np.bool_] = np.maximum(far, np.abs(self.variance - 1.0)) < SETTLED
        return done


def innovations(
    data: Matrix, lengths: Longs, rows: Longs, ar: Matrix, ma: Matrix, *, states: bool = False
) -> Innovations:
    """Run the series of each lane through its ARMA process, from its stationary start.

    The Kalman filter of the process in its innovations form, by Chandrasekhar's recursions: the
    covariance of the state changes from step to step by a matrix of rank one, so that a step costs
    a small multiple of ``r = max(p, q)`` (Morf, Sidhu, Kailath: Some new algorithms for recursive
    estimation in constant, linear, discrete-time systems, 1974; Melard: Algorithm AS 197, 1984).
    Lanes whose variance has settled go on as a filter with constant weights.

    Parameters
    ----------
    data : float64 array, shape (longest, columns, n_series)
        Series, and regressors to be filtered alike, aligned to the left; anything finite after the
        end of a series.
    lengths : int64 array, shape (n_series,)
    rows : int64 array, shape (lanes,)
        Series of each lane.
    ar, ma : float64 arrays, shape (p, lanes) and (q, lanes)
        Of ``1 - a_1 B - ...`` and ``1 + b_1 B + ...``.
    states : bool, default False
        Whether the states at the lanes' ends are asked for: that takes longer.
    """
    longest, columns, _ = data.shape
    now = _start(lengths, rows, ar, ma, columns)
    found = Innovations(
        np.zeros((longest, columns, len(rows))), np.zeros(len(rows)), np.zeros_like(now.states)
    )
    step, look = 0, longest if states else max(FIRST_LOOK, len(now.gain))
    while step < longest and len(now.lanes):
        stop = min(look, longest)
        _stretch(data[step:stop, :, now.rows], now, step, found)
        done = now.settled()
        if stop < longest and done.any():
            _settle(data, now.take(done), stop, found)
            now = now.take(~done)
        step, look = stop, 2 * look
    return found


def _start(lengths: Longs, rows: Longs, ar: Matrix, ma: Matrix, columns: int) -> _Filter:
    """Return the state before the first value, from the autocovariances."""
    r = max(len(ar), len(ma), 1)
    covariance = autocovariances(ar, ma, r)
    gain = covariance[1:].copy()
    for lag in np.flatnonzero(ar.any(axis=1)) + 1:
        gain[lag:] -= ar[lag - 1] * covariance[1 : r + 1 - lag]
    limit = np.zeros_like(gain)
    limit[: len(ar)] += ar
    limit[: len(ma)] += ma
    variance = covariance[0]
    return _Filter(
        lanes=np.arange(len(rows)),
        rows=rows,
        ends=lengths[rows],
        ar=ar,
        ma=ma,
        limit=limit,
        gain=gain,
        change=gain.copy(),
        variance=variance,
        factor=-1.0 / variance,
        states=np.zeros((columns, *gain.shape)),
    )


def _settle(data: Matrix, now: _Filter, first: int, found: Innovations) -> None:
    """Go from step `first` to the end with a constant gain: a filter with constant weights."""
    last = int(now.ends.max())
    if last <= first:
        return
    values = data[first:last, :, now.rows]
    errors = values.copy()
    known = min(now.states.shape[1], last - first)
    errors[:known] -= now.states[:, :known].transpose(1, 0, 2)
    for lag in (np.flatnonzero(now.ar.any(axis=1)) + 1).tolist():
        errors[lag:] -= now.ar[lag - 1] * values[:-lag]
    columns = values.shape[1]
    flat = divide(errors.reshape(last - first, -1), np.tile(now.ma, columns))
    errors = flat.reshape(values.shape)
    errors *= (np.arange(first, last)[:, None] < now.ends)[:, None]
    found.errors[first:last, :, now.lanes] = errors


def _stretch(errors: Matrix, now: _Filter, first: int, found: Innovations) -> None:
    """Go through some steps: `errors` holds their values, from step `first`."""
    steps, p = len(errors), len(now.ar)
    variances = np.empty((steps, len(now.lanes)))
    ends = _ends(now.ends - first, steps)
    high, low = np.empty((2, *now.gain.shape))
    wide, wider = np.empty((2, *now.states.shape))
    for step, error in enumerate(errors):
        error -= now.states[:, 0]
        variances[step] = now.variance
        # The state's next value: ar * first + shifted + gain * error / variance.
        np.multiply(now.gain, (error / now.variance)[:, None], out=wide)
        wide[:, :-1] += now.states[:, 1:]
        np.multiply(now.ar, now.states[:, :1], out=wider[:, :p])
        wide[:, :p] += wider[:, :p]
        now.states, wide = wide, now.states
        high = _change(now, high, low)
        if step + 1 in ends:
            some = ends[step + 1]
            found.state[..., now.lanes[some]] = now.states[..., some]
    within = np.arange(first, first + steps)[:, None] < now.ends
    errors *= (within / np.sqrt(variances))[:, None]
    found.errors[first : first + steps, :, now.lanes] = errors
    found.log_variance[now.lanes] += np.where(within, np.log(variances), 0.0).sum(axis=0)


def _ends(ends: Longs, steps: int) -> dict[int, Longs]:
    """Return which lanes end at which of some steps."""
    return {end: np.flatnonzero(ends == end) for end in np.unique(ends).tolist() if end <= steps}


def _change(now: _Filter, high: Matrix, low: Matrix) -> Matrix:
    """Bring gain and variance one step on; return the memory that `high` is now used for."""
    old, p = now.change, len(now.ar)
    seen = old[0] * now.factor
    after = now.variance + seen * old[0]
    np.multiply(now.gain, old[0] / now.variance, out=low)
    np.multiply(now.ar, old[0], out=high[:p])
    high[p:] = 0.0
    high[:-1] += old[1:]
    np.multiply(high, seen, out=old)
    now.gain += old
    high -= low
    now.change = high
    now.factor = now.factor * now.variance / after
    now.variance = after
    return old
