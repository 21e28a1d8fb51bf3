"""How far values usually are from what is expected, on the scale where that is even."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.bisquare import median_of_first
from ecomsql.models.count_errors import count_bounds, count_distance
from ecomsql.models.seldom_sold import seldom_sold, usual_moments
from ecomsql.models.series_batch import Longs, Matrix

NORMAL = 1.4826
"""Standard deviations of normal errors in their median distance from 0."""
PLAIN, ROOT, LOG = 0, 1, 2
"""Scales: values as they are; roots, where errors are those of counts; logarithms, where errors are
in proportion."""
CLEARLY = 2.0
"""How much likelier, in its logarithm, errors must be on another scale."""
OFFSET, COUNT_OFFSET = 0.1, 0.375
"""What is added before a root or logarithm: a share of the mean, or for counts what makes the
spread of their roots most even (Anscombe: The transformation of Poisson, binomial and
negative-binomial data, 1948)."""
MANY = 30.0
"""Pieces on average from which on the errors of counts may be in proportion."""
FREEDOM = 5.0
"""Degrees of freedom of the t distribution by which scales are compared."""
ROUNDING = 1e-9
"""Share of the largest value that no standard deviation is below: rounding is no anomaly."""
NEARLY = 0.1
"""A median distance of less than this share of the tail's is near 0."""
TAIL, TAIL_REACH = 0.95, 1.959964
"""A quantile of the distances, and what it is of normal errors in standard deviations."""
FAR_TAIL, FAR_REACH, ENOUGH = 0.99, 2.575829, 100
"""The same, where the median is near 0, from so many values on."""
WIDE, REACH = 0.975, 3.0
"""A quantile of the values, and what the way to it from the opposite one is to be at most."""
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class UsualErrors:
    """Scale and standard deviation of the errors of each series.

    Attributes
    ----------
    kind : int64 array, shape (n_series,)
        :data:`PLAIN`, :data:`ROOT` or :data:`LOG`.
    offset, sd : float64 arrays, shape (n_series,)
        What is added before, and the standard deviation on the scale.
    one : float64 array, shape (n_series,)
        What one piece is in series of counts, whose roots it is that count; 0 in others.
    """

    kind: Longs
    offset: Matrix
    sd: Matrix
    one: Matrix

    @classmethod
    def of(cls, values: Matrix, expected: Matrix, there: Flags, one: Matrix, share: Matrix) -> Self:
        """Learn the scale and the spread of the errors of series.

        The standard deviation is the median distance, scaled to that of normal errors (Rousseeuw,
        Croux: Alternatives to the median absolute deviation, 1993). Where most errors are next to
        0 and those that are not are no rare exceptions, it is that of the 99th percentile, so that
        no more than one value in a hundred is far; of few values, the root of the mean square: one
        error among many zeros is far off then, one in ten is not. Of counts, it is at least that of
        chance (Poisson), and distances and bounds are those of
        :mod:`~ecomsql.models.count_errors`.

        Of series never below 0, errors are looked at on three scales, and that is taken on which
        they are likeliest (Box, Cox: An analysis of transformations, 1964): so bounds are wider
        where more is expected, and reach farther up than down, if errors do.

        Parameters
        ----------
        values, expected : float64 arrays, shape (n_series, longest)
            Both 0 or more in series that never were below.
        there : bool array, shape (n_series, longest)
            Whether there are both.
        one : float64 array, shape (n_series,)
            What one piece is in each series of counts; 0 in others.
        share : float64 array, shape (n_series,)
            Of the mean distance from 0, what no standard deviation is below; above 0 in series that
            mostly stay as they are, whose errors when they change count whatever the others are.
        """
        held, near = np.where(there, values, 0.0), np.where(there, expected, 0.0)
        count = np.maximum(there.sum(axis=1), 1)
        mean = held.sum(axis=1) / count
        never = (held.min(axis=1, initial=0.0) >= 0.0) & (mean > 0.0)
        is_count = never & (one > 0.0)
        offset = np.where(never, np.maximum(OFFSET * mean, COUNT_OFFSET * one), 1.0)
        largest = np.abs(held).max(axis=1, initial=0.0)
        errors = np.where(there, np.abs(held - near), np.inf)
        level = np.abs(held).sum(axis=1) / count
        least = np.where(largest > 0.0, np.maximum(ROUNDING * largest, share * level), 1.0)
        sd = np.maximum(_spread(errors, count, _span(held, there, share)), least)
        found = cls(np.zeros(len(values), dtype=np.int64), offset, sd, np.where(is_count, one, 0.0))
        loss = np.where(is_count, np.inf, _loss(errors, sd, count))
        floors = {ROOT: 0.5 * np.sqrt(one), LOG: np.sqrt(one / (mean + offset))}
        lowest = {ROOT: 0.5 * share * np.sqrt(level), LOG: share}
        lowest = {kind: np.maximum(ROUNDING, some) for kind, some in lowest.items()}
        for kind in (ROOT, LOG):
            on_scale = _scaled(held, offset, kind)
            errors = np.abs(on_scale - _scaled(near, offset, kind))
            errors = np.where(there, errors, np.inf)
            other = _spread(errors, count, _span(on_scale, there, share))
            other = np.maximum(other, np.where(is_count, floors[kind], lowest[kind]))
            slopes = np.where(there, _slope(held, offset, kind), 0.0)
            other_loss = _loss(errors, other, count) - slopes.sum(axis=1) / count
            better = never & (other_loss < loss - CLEARLY / count)
            # Few pieces are counts, however they scatter.
            better &= (kind == ROOT) | ~is_count | (mean >= MANY * one)
            found.kind[better], found.sd[better] = kind, other[better]
            loss = np.where(better, other_loss, loss)
        rows = seldom_sold(np.where(there, values, np.nan), is_count)
        if len(rows):
            usual, variance = usual_moments(np.where(there[rows], values[rows], np.nan))
            scatter = variance / np.where(usual > 0.0, usual, np.inf)
            found.sd[rows] = np.maximum(found.sd[rows], 0.5 * np.sqrt(scatter))
        return found

    def distance(self, values: Matrix, expected: Matrix) -> Matrix:
        """Return how far values are from what is expected, in standard deviations."""
        found = np.abs(values - expected)
        for kind in (ROOT, LOG):
            rows = self.kind == kind
            offset = self.offset[rows]
            found[rows] = np.abs(
                _scaled(values[rows], offset, kind) - _scaled(expected[rows], offset, kind)
            )
        found /= self.sd[:, None]
        rows, one = self._counts()
        found[rows] = count_distance(values[rows] / one, expected[rows] / one, self._scatter())
        return found

    def bounds(self, expected: Matrix, reach: float) -> tuple[Matrix, Matrix]:
        """Return what is so many standard deviations below and above what is expected."""
        lower = expected - reach * self.sd[:, None]
        upper = expected + reach * self.sd[:, None]
        for kind in (ROOT, LOG):
            rows = self.kind == kind
            offset, sd = self.offset[rows, None], reach * self.sd[rows, None]
            middle = _scaled(expected[rows], self.offset[rows], kind)
            for side, at in ((lower, middle - sd), (upper, middle + sd)):
                if kind == ROOT:
                    side[rows] = np.maximum(at, 0.0) ** 2 - offset
                else:
                    side[rows] = np.exp(np.minimum(at, 700.0)) - offset
        rows, one = self._counts()
        told = count_bounds(expected[rows] / one, self._scatter(), reach)
        lower[rows], upper[rows] = told[0] * one, told[1] * one
        return lower, upper

    def _counts(self) -> tuple[Flags, Matrix]:
        """Return which series have the errors of counts, and what a piece is in each."""
        rows = (self.one > 0.0) & (self.kind == ROOT)
        return rows, self.one[rows, None]

    def _scatter(self) -> Matrix:
        """Return how many times their mean the variance of counts is."""
        rows, one = self._counts()
        return np.maximum(4.0 * self.sd[rows, None] ** 2 / one, 1.0)


def _scaled(values: Matrix, offset: Matrix, kind: int) -> Matrix:
    moved = values + offset[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Matrix = np.sqrt(moved) if kind == ROOT else np.log(moved)
    return found


def _slope(values: Matrix, offset: Matrix, kind: int) -> Matrix:
    """Return the logarithm of how much a scale changes with the value."""
    with np.errstate(invalid="ignore", divide="ignore"):
        logarithm = np.log(values + offset[:, None])
    return -0.5 * logarithm - np.log(2.0) if kind == ROOT else -logarithm


def _span(values: Matrix, there: Flags, share: Matrix) -> Matrix:
    """Return how wide the values of a series lie, but for a few; inf where there is no `share`."""
    steady = share > 0.0
    ascending = np.sort(np.where(there[steady], values[steady], np.inf), axis=1)
    count = there[steady].sum(axis=1)
    found = np.full(len(values), np.inf)
    found[steady] = _quantile(ascending, count, WIDE) - _quantile(ascending, count, 1.0 - WIDE)
    return found


def _spread(distance: Matrix, count: Longs, span: Matrix) -> Matrix:
    """Return the robust standard deviation of errors.

    Parameters
    ----------
    distance : float64 array, shape (n_series, longest)
        inf where there is none.
    count : int64 array, shape (n_series,)
    span : float64 array, shape (n_series,)
        Within which the values of steady series change; of these, the tail of the errors counts
        whatever the median, but not what is wider. inf: of others.
    """
    ascending = np.sort(distance, axis=1)
    median = NORMAL * median_of_first(ascending, count)
    there = np.isfinite(distance)
    root = np.sqrt((np.where(there, distance, 0.0) ** 2).sum(axis=1) / count)
    tail = _quantile(ascending, count, TAIL) / TAIL_REACH
    far = np.where(count < ENOUGH, root, _quantile(ascending, count, FAR_TAIL) / FAR_REACH)
    far = np.minimum(far, span / REACH)
    is_near = (median <= ROUNDING * root) | (median < NEARLY * tail)
    steady = np.where(np.isfinite(span), np.maximum(far, median), median)
    return np.where(is_near, far, steady)


def _quantile(ascending: Matrix, count: Longs, share: float) -> Matrix:
    """Return of the first values of each row that which `share` of them do not exceed."""
    at = np.clip(np.ceil(share * count).astype(np.int64), 1, np.maximum(count, 1)) - 1
    found = ascending[np.arange(len(count)), np.minimum(at, ascending.shape[1] - 1)]
    return np.where(np.isfinite(found), found, 0.0)


def _loss(distance: Matrix, sd: Matrix, count: Longs) -> Matrix:
    """Return how unlikely errors are, were they of a t distribution, which knows of wild ones."""
    squares = (np.where(np.isfinite(distance), distance, 0.0) / sd[:, None]) ** 2
    tails = 0.5 * (FREEDOM + 1.0) * np.log1p(squares / FREEDOM)
    found: Matrix = np.log(sd) + tails.sum(axis=1) / count
    return found
