"""What is known of a customer, and what each part of it adds to the expected value."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecomsql.features.table import Matrix
from ecomsql.models.baseline_shapley import Players, baseline_shapley
from ecomsql.models.explained import Explained
from ecomsql.models.purchase_value import PurchaseValue
from ecomsql.models.value_corrections import Numbers, ValueCorrections
from ecomsql.progress import checkpoint

INPUTS = ("frequency", "recency", "age", "mean_amount")
"""What BG/NBD and Gamma-Gamma look at."""
TIMES = frozenset(INPUTS[:3])


def average_customer(history: pl.DataFrame) -> dict[str, float]:
    """Return the mean of each of :data:`INPUTS` over customers."""
    return {name: float(history[name].mean()) for name in INPUTS}  # type: ignore[arg-type]


def value_contributions(
    base: PurchaseValue,
    corrections: ValueCorrections | None,
    share: float,
    history: pl.DataFrame,
    average: Mapping[str, float],
    *,
    days: float,
    discount: float,
) -> tuple[Explained, float]:
    """Explain the money expected of customers within the next `days`.

    Of BG/NBD with Gamma-Gamma by exact Shapley values of :data:`INPUTS` against the average
    customer, over the 16 sets of them. Trees say one number for everyone, which is part of the
    same function, and by TreeSHAP (Lundberg, Erion, Lee, 2018) what each of their features adds;
    that is scaled to the horizon and discounted as the customer's own purchases are. Where the
    sum passes 0, below which expectations are cut off, only the share of the straight way from
    base to sum that is above 0 counts: integrated gradients (Sundararajan, Taly, Yan, 2017) of
    the cut.

    Parameters
    ----------
    share : float
        How much the corrections count.
    history : DataFrame
        At least one customer.
    average : mapping
        As :func:`average_customer` gives it, of the customers learned from.

    Returns
    -------
    Explained, and the base
        The contributions and the base add up to the expected value.
    """
    weight, trees = 0.0, None
    if corrections is not None and share > 0:
        weight, trees = share, corrections
        parts = trees.value.contributions(trees.table(history, base))
        features, constant = trees.value.schema.names, float(parts[0, -1])

    @cache
    def orders(known: Players) -> tuple[Numbers, Numbers, Numbers]:
        """Return purchases, what one is worth now, and what corrections grow by."""
        checkpoint()
        # Where most is as on average, few customers differ.
        few, places = _distinct(_known(history, known, average).select(INPUTS[:3]))
        growth = trees.growth(few, base, days) if trees else np.zeros(len(few))
        found = (base.expected_orders(few, days), base.worth(few, days, discount), growth)
        return found[0][places], found[1][places], found[2][places]

    def worth(known: Players) -> Numbers:
        count, now, growth = orders(known & TIMES)
        spend = base.expected_spend(_known(history, known, average))
        return now * (count * spend + (weight * growth * constant if trees else 0.0))

    found = dict(zip(INPUTS, baseline_shapley(worth, INPUTS).T, strict=True))
    start = float(worth(frozenset())[0])
    if trees:
        _, now, growth = orders(TIMES)
        for place, name in enumerate(features):
            more = now * weight * growth * parts[:, place]
            found[name] = found[name] + more if name in found else more
    contributions = np.stack(list(found.values()), axis=1)
    contributions *= _above(start, start + contributions.sum(axis=1))[:, None]
    told = history if trees is None else trees.told(history, base)
    values = told.select(*found).fill_null(np.nan).to_numpy()
    return Explained(history.select("user"), list(found), values, contributions), max(start, 0.0)


def _known(history: pl.DataFrame, known: Players, average: Mapping[str, float]) -> pl.DataFrame:
    unknown = [pl.lit(average[name]).alias(name) for name in INPUTS if name not in known]
    return history.select(INPUTS).with_columns(unknown)


def _distinct(rows: pl.DataFrame) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """Return each row once, and the place there of each."""
    found, places = np.unique(rows.to_numpy(), axis=0, return_inverse=True)
    return pl.DataFrame(found, schema=rows.columns), places.ravel()


def _above(start: float, end: Matrix) -> Matrix:
    """Return which share of the way from start to end is above 0."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    length = high - low
    found = np.where(low >= 0, 1.0, 0.0)
    np.divide(high, length, out=found, where=(low < 0) & (high > 0))
    return found
