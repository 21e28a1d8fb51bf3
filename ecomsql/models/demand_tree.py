"""Demand by steps: a regression tree over the price, item by item, all items at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from scipy.special import xlogy

from ecomsql.features.price_rows import PriceRows
from ecomsql.models.demand_loglinear import Demand as LogLinear
from ecomsql.models.item_groups import Floats, Longs
from ecomsql.models.price_cells import PriceCells
from ecomsql.models.price_demand import PriceDemand

DEPTH = 3
LEAST_ROWS, LEAST_SHARE = 5, 0.05
"""Rows of a leaf, at least: a number, and a share of the item's."""
HALF = 0.5
"""What a leaf that sold nothing is taken to have sold, as a multiple of the dispersion."""


@dataclass(eq=False)
class Demand(PriceDemand):
    """Steps that go down with the price, joined from middle to middle.

    A step says what is sold at its prices on average. Taken for its highest price, that is too
    much, and the best price would be found there; so the logs of quantities go on straight lines
    over the logs of prices from the middle of one step to the next, and beyond.

    Attributes
    ----------
    middles : float64 array, shape (n_items, n_leaves)
        Logs of prices; infinite where there is no leaf.
    rates : float64 array, shape (n_items, n_leaves)
        Logs of quantities where the controls' factor is 1.
    linear : LogLinear
        Whose effects of controls these are.
    """

    middles: Floats
    rates: Floats
    linear: LogLinear
    method: ClassVar[str] = "tree"
    points: ClassVar[int] = 201

    @classmethod
    def fit(cls, rows: PriceRows, linear: LogLinear, *, seed: int) -> Self:
        """Grow the trees (Breiman et al.: Classification and Regression Trees, 1984).

        A node is split where the Poisson likelihood gains most by demand that falls, if that is
        worth two parameters by the Bayesian information criterion at the item's dispersion.
        Leaves in which demand would rise again are joined.
        """
        cells = _Cells.of(rows, linear.factors(rows))
        noise = linear.told.noise
        usual = np.nanmedian(noise) if np.isfinite(noise).any() else 1.0
        noise = np.maximum(np.where(np.isfinite(noise), noise, usual), 1e-9)
        counts = np.bincount(rows.item, minlength=rows.n_items)
        worth = noise * np.log(np.maximum(counts, 2))
        least = np.maximum(LEAST_ROWS, LEAST_SHARE * counts)
        leaf = cells.item.copy()
        for _ in range(DEPTH):
            leaf = cells.split(leaf, worth, least)
        leaf = cells.joined(leaf)
        return cls(*cells.steps(leaf, HALF * noise), linear)

    def expected(self, price: Floats) -> Floats:
        """Return what lies between the middles of steps, at the mean factor."""
        found = self._rate(np.arange(len(price))[:, None], price)
        return found * self.linear.factor[:, None]

    def of_rows(self, rows: PriceRows) -> Floats:
        """Return the same with each row's own factor."""
        return self._rate(rows.item, rows.price) * self.linear.factors(rows)

    def _rate(self, item: Longs, price: Floats) -> Floats:
        place = np.zeros(np.broadcast_shapes(item.shape, price.shape), dtype=np.int64)
        # The middles between which a price is, or the two nearest to it.
        for middle, later in zip(self.middles.T[1:-1], self.middles.T[2:], strict=True):
            place += (np.log(price) >= middle[item]) & np.isfinite(later[item])
        start, end = self.middles[item, place], self.middles[item, place + 1]
        below, above = self.rates[item, place], self.rates[item, place + 1]
        # An item of one leaf sells the same at all prices.
        is_line = np.isfinite(end)
        start, end = (np.where(is_line, one, other) for one, other in ((start, 0.0), (end, 1.0)))
        share = np.where(is_line, (np.log(price) - start) / (end - start), 0.0)
        found: Floats = np.exp(below + share * np.where(is_line, above - below, 0.0))
        return found


class _Cells(PriceCells):
    """Cells that are divided into leaves, each of which is next to each other."""

    __slots__ = ()

    def split(self, leaf: Longs, worth: Floats, least: Floats) -> Longs:
        """Split each leaf where that gains most; return the leaf of each cell, counted anew."""
        if len(leaf) == 0:
            return leaf
        starts = np.flatnonzero(np.diff(leaf, prepend=-1))
        sizes = np.diff(starts, append=len(leaf))
        left, whole = [], []
        for one in (self.rows, self.quantity, self.factor):
            sums = np.cumsum(one)
            left.append(sums - np.repeat(sums[starts] - one[starts], sizes))
            whole.append(np.repeat(np.add.reduceat(one, starts), sizes))
        right = [all_ - some for all_, some in zip(whole, left, strict=True)]
        falls = left[1] * right[2] > right[1] * left[2]
        is_last = np.append(leaf[1:] != leaf[:-1], True)
        enough = (left[0] >= least[self.item]) & (right[0] >= least[self.item])
        gain = _likelihood(*left[1:]) + _likelihood(*right[1:]) - _likelihood(*whole[1:])
        gain = np.where(falls & enough & ~is_last & (gain > worth[self.item]), gain, 0.0)
        best = np.repeat(np.maximum.reduceat(gain, starts), sizes)
        cut = np.flatnonzero((gain == best) & (best > 0.0))
        # Of equal gains the first is taken.
        cut = cut[np.diff(leaf[cut], prepend=-1) != 0]
        begins = np.zeros(len(leaf), dtype=np.int64)
        begins[starts] = 1
        begins[cut + 1] = 1
        return np.cumsum(begins) - 1

    def joined(self, leaf: Longs) -> Longs:
        """Join leaves next to each other while demand rises from one to the next."""
        while len(leaf):
            starts = np.flatnonzero(np.diff(leaf, prepend=-1))
            rate = np.add.reduceat(self.quantity, starts) / np.add.reduceat(self.factor, starts)
            item = self.item[starts]
            rises = (item[1:] == item[:-1]) & (rate[1:] >= rate[:-1])
            if not rises.any():
                break
            joins = np.append(False, rises)
            # One pair at a time, so that three in a row are weighed in turn.
            joins[1:] &= ~joins[:-1]
            kept = np.zeros(len(leaf), dtype=np.int64)
            kept[starts[~joins]] = 1
            leaf = np.cumsum(kept) - 1
        return leaf

    def steps(self, leaf: Longs, least: Floats) -> tuple[Floats, Floats]:
        """Return the middles of leaves, and the logs of their rates.

        Where an item sold less than `least` in a leaf, that stands in for what it would sell in
        the end.
        """
        shape = (len(least), 2**DEPTH)
        middles, rates = np.full(shape, np.inf), np.full(shape, np.nan)
        if len(leaf) == 0:
            return middles, rates
        starts = np.flatnonzero(np.diff(leaf, prepend=-1))
        item = self.item[starts]
        place = np.arange(len(starts)) - np.searchsorted(item, item)
        weight, sold = np.add.reduceat(self.factor, starts), np.add.reduceat(self.quantity, starts)
        logs = np.add.reduceat(self.factor * np.log(self.price), starts)
        middles[item, place] = logs / weight
        rates[item, place] = np.log(np.maximum(sold, least[item]) / weight)
        return middles, rates


def _likelihood(quantity: Floats, factor: Floats) -> Floats:
    """Return the Poisson log-likelihood of a leaf, but for what no split changes."""
    found: Floats = xlogy(quantity, quantity / np.maximum(factor, 1e-300))
    return found
