"""Elasticities of items with intervals, shrunk where asked, and what is to be said of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.special import ndtri, stdtrit

from ecomsql.features.price_rows import PriceRows
from ecomsql.models.elasticity import (
    BY_CONTROLS,
    FEW_ROWS,
    NO_ROWS,
    ONE_PRICE,
    SOME_PRICES,
    UNSOLD,
    Slopes,
    slopes,
)
from ecomsql.models.elasticity_shrinkage import pulled
from ecomsql.models.item_groups import Floats, ItemGroups, Longs
from ecomsql.models.noise_moderation import moderated
from ecomsql.models.poisson_elasticity import poisson_slopes
from ecomsql.progress import checkpoint

ROOM = 400_000
"""Numbers that the rows of one block of items hold, about."""
UNSURE = 0.5
"""Standard error of an item's own elasticity above which its prices are said to vary too little."""
EXACT = 1e-12
"""The least squared standard error: of data without noise."""
REASONS = {
    NO_ROWS: "no usable rows",
    FEW_ROWS: "too few rows",
    ONE_PRICE: "no price variation",
    BY_CONTROLS: "no price variation beside the controls",
    SOME_PRICES: "sold at some prices only",
    UNSOLD: "nothing sold",
}
LITTLE = "little price variation"
MANY = 1e9
"""Degrees of freedom of which there are no fewer than without end."""
ROUNDING = 1.0 / 12.0
"""Variance of what rounding to whole pieces takes away."""


@dataclass(frozen=True, slots=True, eq=False)
class Elasticities:
    """What is told of each item; NaN where nothing can be.

    Attributes
    ----------
    elasticity, std_error, lower, upper : float64 arrays, shape (n_items,)
    freedom : float64 array, shape (n_items,)
        Degrees of freedom of the standard error; infinite where they are many.
    r2, noise : float64 arrays, shape (n_items,)
        Of the item's own regression; of expected quantities, noise is the dispersion.
    n : int64 array, shape (n_items,)
        Rows that took part.
    effects : float64 array, shape (n_controls, n_items)
        Coefficients of the controls.
    status : list of str, one an item
    """

    elasticity: Floats
    std_error: Floats
    lower: Floats
    upper: Floats
    freedom: Floats
    r2: Floats
    noise: Floats
    n: Longs
    effects: Floats
    status: list[str]

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes, about."""
        return 8 * self.elasticity.nbytes + self.effects.nbytes + 80 * len(self.status)


def elasticities(
    rows: PriceRows, *, method: str, shrink: bool, robust: bool, level: float
) -> Elasticities:
    """Estimate the elasticity of each item.

    Parameters
    ----------
    rows : PriceRows
    method : {'loglog', 'poisson'}
        By the logs of quantities, which leaves out rows of quantity 0, or by expected quantities.
    shrink : bool
        Whether items are pulled toward their category; it takes five items with one of their own.
    robust : bool
        Standard errors by the residuals of the rows themselves.
    level : float in (0, 1)
        Of the intervals.
    """
    own = _own(rows, method, robust)
    there, variance, freedom = own.is_fitted, own.variance, own.freedom
    little = there & (np.sqrt(np.nan_to_num(variance)) > UNSURE)
    reason = [
        REASONS.get(state, LITTLE if few else "ok")
        for state, few in zip(own.state.tolist(), little.tolist(), strict=True)
    ]
    slope = own.slope
    if shrink:
        variance, freedom = _moderated(own)
        # Student's distribution is wider than the normal one that the pulling is by.
        some = np.clip(freedom, 2.5, MANY)
        wide = variance * some / (some - 2.0)
        found = pulled(slope, np.maximum(wide, EXACT), rows.category)
        helped = np.isfinite(found.slope)
        if helped.any():
            slope, variance = found.slope, found.variance
            freedom = np.where(there, freedom, np.inf)
            reason = _told(reason, found.is_category, (found.own < 0.5) & helped, there)
        else:
            variance, freedom = own.variance, own.freedom
    error = np.sqrt(variance)
    reach = error * quantile(0.5 + level / 2.0, freedom)
    return Elasticities(
        slope,
        error,
        slope - reach,
        slope + reach,
        freedom,
        own.r2,
        own.noise,
        own.n,
        own.effects,
        reason,
    )


def quantile(share: float, freedom: Floats) -> Floats:
    """Return the quantile of Student's distribution, which without end in freedom is normal."""
    few = np.isfinite(freedom)
    student = stdtrit(np.where(few, freedom, 1.0), share)
    found: Floats = np.where(few, student, float(ndtri(share)))
    return np.where(np.isnan(freedom), np.nan, found)


def _own(rows: PriceRows, method: str, robust: bool) -> Slopes:
    """Return the regressions of the items, each by itself, a block of items at a time."""
    fit: Callable[..., Slopes]
    is_unsold = np.zeros(rows.n_items, dtype=bool)
    if method == "loglog":
        some = rows.keep(rows.quantity > 0.0)
        demand, fit = np.log(some.quantity), slopes
    else:
        sold = np.bincount(rows.item, rows.quantity, rows.n_items) > 0.0
        is_unsold = ~sold & (np.bincount(rows.item, minlength=rows.n_items) > 0)
        some = rows.keep(sold[rows.item])
        demand, fit = some.quantity, poisson_slopes
    price = np.log(some.price)
    found = [
        fit(
            ItemGroups(some.item[here] - items.start, items.stop - items.start),
            price[here],
            demand[here],
            some.controls[:, here],
            robust=robust,
        )
        for items, here in _blocks(some)
    ]
    whole = Slopes(
        *(
            np.concatenate([getattr(one, field.name) for one in found], axis=-1)
            for field in fields(Slopes)
        )
    )
    whole = replace(whole, state=np.where(is_unsold, UNSOLD, whole.state))
    return _with_rounding(whole, some, 2.0 if method == "loglog" else 1.0)


def _with_rounding(own: Slopes, rows: PriceRows, power: float) -> Slopes:
    """Let the noise of whole quantities be no less than what rounding to them hides.

    An item that sells one piece whenever it sells has no residuals, and says nothing all the same.
    """
    groups = ItemGroups(rows.item, rows.n_items)
    parts = groups.most(np.abs(rows.quantity - np.round(rows.quantity)))
    mean = groups.mean(rows.quantity)
    hidden = np.where(parts == 0.0, ROUNDING / np.maximum(mean, 1.0) ** power, 0.0)
    noise = np.maximum(own.noise, hidden)
    variance = np.where(noise > own.noise, np.fmax(own.variance, noise / own.spread), own.variance)
    return replace(own, noise=noise, variance=variance)


def _blocks(rows: PriceRows) -> Iterator[tuple[slice, slice]]:
    """Yield items next to each other, and their rows: as many as a core has at hand."""
    room = max(ROOM // (len(rows.controls) + 2), 1)
    ends = np.cumsum(np.bincount(rows.item, minlength=rows.n_items))
    first = done = 0
    while first < rows.n_items:
        checkpoint()
        last = max(int(np.searchsorted(ends, done + room, side="right")), first + 1)
        last = min(last, first + ROOM)
        yield slice(first, last), slice(done, int(ends[last - 1]))
        first, done = last, int(ends[last - 1])


def _moderated(own: Slopes) -> tuple[Floats, Floats]:
    """Return variances and degrees of freedom with what items say of each other's noise."""
    there = own.is_fitted
    noise, freedom = moderated(own.noise[there], own.freedom[there])
    variance, beyond = own.variance.copy(), own.freedom.copy()
    # Robust variances are not noise / spread; they keep their ratio to it.
    usual = own.noise[there] / own.spread[there]
    ratio = np.divide(variance[there], usual, out=np.ones(len(noise)), where=usual > 0.0)
    variance[there] = ratio * noise / own.spread[there]
    beyond[there] = freedom
    return variance, beyond


def _told(
    reason: list[str], is_category: np.ndarray, is_pulled: np.ndarray, there: np.ndarray
) -> list[str]:
    """Say whose elasticity it is, where it is not mostly the item's own."""
    whose = np.where(is_category, "its category", "all items")
    how = np.where(there, "shrunk to ", "that of ")
    return [
        f"{verb}{who}: {why}" if why != "ok" and moved else why
        for why, who, verb, moved in zip(reason, whose, how, is_pulled.tolist(), strict=True)
    ]
