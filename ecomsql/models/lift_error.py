"""How sure it is what a change of price does to demand."""

from __future__ import annotations

import numpy as np

from ecomsql.features.price_rows import PriceRows
from ecomsql.models.demand_loglinear import Demand as LogLinear
from ecomsql.models.item_groups import Floats
from ecomsql.models.price_demand import PriceDemand, place_in_item, thinned
from ecomsql.progress import track

FOLDS = 5


def ratio_error(
    rows: PriceRows,
    linear: LogLinear,
    demand: PriceDemand,
    current: Floats,
    price: Floats,
    *,
    seed: int,
) -> tuple[Floats, Floats]:
    """Return the standard error of the log of demand at a price to that at the current one.

    Of the log-linear model it is the elasticity's times the log of the change. Of others it is
    found by learning again without each fifth of an item's rows (the delete-a-group jackknife:
    Kott, 2001), and not taken as less than that.

    Parameters
    ----------
    rows, linear, demand
        A model, and what it was learned from.
    current, price : float64 arrays, shape (n_items,)

    Returns
    -------
    error, freedom : float64 arrays, shape (n_items,)
    """
    least = np.abs(np.log(price / current)) * linear.told.std_error
    if demand.method == "loglinear":
        return least, linear.told.freedom
    pair = np.column_stack([current, price])
    rows = thinned(rows, demand.most_rows)
    fold = place_in_item(rows) % FOLDS
    ratios = []
    for left_out in track(range(FOLDS), "price"):
        part = rows.keep(fold != left_out)
        again = type(demand).fit(part, LogLinear.of(part), seed=seed).expected(pair)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios.append(np.log(again[:, 1] / again[:, 0]))
    found = np.stack(ratios)
    error = np.sqrt((FOLDS - 1.0) / FOLDS * ((found - found.mean(axis=0)) ** 2).sum(axis=0))
    return np.fmax(error, least), np.full(len(current), FOLDS - 1.0)
