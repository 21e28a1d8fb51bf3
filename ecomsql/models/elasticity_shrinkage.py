"""Pulls elasticities that the data says little of toward those of the same category."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.item_groups import Floats, Longs

STEPS = 80
"""Halvings of the interval in which the variance between items is sought."""
FEWEST = 5
"""Items of a category from which on it has a distribution of its own; else all items have one."""


@dataclass(frozen=True, slots=True, eq=False)
class Pulled:
    """What is expected of items given their own and the others' elasticities.

    Attributes
    ----------
    slope, variance : float64 arrays, shape (n_items,)
        NaN where there are too few elasticities to say anything.
    own : float64 array, shape (n_items,)
        Weight of the item's own elasticity, from 0 to 1; 0 where it has none.
    is_category : bool array, shape (n_items,)
        Whether the others are those of the category; else they are all items.
    """

    slope: Floats
    variance: Floats
    own: Floats
    is_category: NDArray[np.bool_]


def pulled(slope: Floats, variance: Floats, category: Longs) -> Pulled:
    """Shrink by empirical Bayes in a random-effects model.

    An item's elasticity is drawn around the mean of its category; what is measured is that with an
    error of known variance. The variance between items is that which makes the weighted squares
    what they should be (Paule and Mandel: Consensus values and weighting factors, 1982), found for
    all categories at once.

    Parameters
    ----------
    slope, variance : float64 arrays, shape (n_items,)
        Elasticities and squared standard errors; NaN where there is none.
    category : int64 array, shape (n_items,)
        Code; -1: none.
    """
    there = np.isfinite(slope)
    # Groups 0 to n - 1 are the categories, n is all items.
    n = int(category.max(initial=-1)) + 1
    known = np.bincount(category[there & (category >= 0)], minlength=n)
    fits = np.append(known >= FEWEST, False)
    is_category = fits[np.where(category >= 0, category, n)]
    groups = np.where(category < 0, n + 1, category)[there]
    mean, between, of_mean = _distributions(
        np.tile(slope[there], 2),
        np.tile(variance[there], 2),
        np.concatenate([groups, np.full(len(groups), n)]),
        n + 2,
    )
    group = np.where(is_category, category, n)
    mu, tau2, error = mean[group], between[group], of_mean[group]
    if there.sum() < FEWEST:
        mu, tau2, error = (np.full(len(slope), np.nan) for _ in range(3))
    own = np.divide(tau2, tau2 + variance, out=np.zeros(len(slope)), where=there & (variance > 0))
    found = np.where(there, own * np.nan_to_num(slope) + (1.0 - own) * mu, mu)
    spread = own * np.nan_to_num(variance) + (1.0 - own) ** 2 * error
    return Pulled(found, np.where(there, spread, tau2 + error), own, is_category)


def _distributions(
    slope: Floats, variance: Floats, group: Longs, n: int
) -> tuple[Floats, Floats, Floats]:
    """Return mean, variance between items, and squared error of the mean, each shape (n,)."""
    counts = np.bincount(group, minlength=n)

    def total(values: Floats) -> Floats:
        return np.bincount(group, values, n).astype(np.float64)

    def weighed(between: Floats) -> tuple[Floats, Floats, Floats]:
        weights = 1.0 / (variance + between[group])
        whole = total(weights)
        mean = total(weights * slope) / np.where(counts > 0, whole, 1.0)
        return mean, whole, total(weights * (slope - mean[group]) ** 2)

    plain = total(slope) / np.maximum(counts, 1)
    low, high = np.zeros(n), total((slope - plain[group]) ** 2) + 1e-12
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        is_more = weighed(middle)[2] > counts - 1.0
        low, high = np.where(is_more, middle, low), np.where(is_more, high, middle)
    # Where errors alone explain the differences, the interval has closed at 0.
    between: Floats = np.where(weighed(np.zeros(n))[2] > counts - 1.0, (low + high) / 2.0, 0.0)
    mean, whole, _ = weighed(between)
    error: Floats = 1.0 / np.where(counts > 0, whole, np.nan)
    return mean, between, error
