"""Demand by gradient-boosted trees over all items at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import lightgbm
import numpy as np

from ecomsql.features.price_rows import PriceRows
from ecomsql.models.demand_loglinear import Demand as LogLinear
from ecomsql.models.item_groups import Floats, ItemGroups, Longs
from ecomsql.models.price_cells import PriceCells
from ecomsql.models.price_demand import PriceDemand, thinned
from ecomsql.models.tree_scorer import TreeScorer
from ecomsql.progress import checkpoint

TREES = 100
ALONE = 50_000
"""Rows up to which one core is faster than several."""
CATEGORY = 4
"""Which column is the category."""
SAMPLES = 16
"""Rows of an item over whose controls is averaged, at most."""
ROOM = 3_000_000
"""Rows that are predicted for that, about, at most."""
SETTINGS: dict[str, Any] = {
    "objective": "poisson",
    "learning_rate": 0.08,
    "num_leaves": 15,
    "min_data_in_leaf": 20,
    "lambda_l2": 1.0,
    "deterministic": True,
    "force_col_wise": True,
    "verbosity": -1,
}


@dataclass(eq=False)
class Demand(PriceDemand):
    """Poisson trees that never let demand rise with the price (Ke et al.: LightGBM, 2017).

    They learn what an item's demand is to its usual demand, times what the log-linear model says
    of the controls, so that no control takes credit for what prices do. They see the price to the
    item's usual price, what the log-linear model expects of it, the item's usual price and
    quantity, its category, and the controls.

    Attributes
    ----------
    trees : TreeScorer or None
        None where nothing was sold.
    linear : LogLinear
        What items are usually.
    category : int64 array, shape (n_items,)
    controls : float64 array, shape (n_controls, n_items, n_samples)
        Those of some of the item's rows, over which is averaged: of trees, what they say of
        average controls is not what they say on average.
    mean, level : float64 arrays, shape (n_items,)
        Mean quantities; what the trees are multiplied by.
    """

    trees: TreeScorer | None
    linear: LogLinear
    category: Longs
    controls: Floats
    mean: Floats
    level: Floats
    method: ClassVar[str] = "lightgbm"
    points: ClassVar[int] = 51
    most_rows: ClassVar[int] = 250_000

    @classmethod
    def fit(cls, rows: PriceRows, linear: LogLinear, *, seed: int) -> Self:
        """Grow the trees; an item's rows weigh as much as its dispersion lets them say."""
        rows = thinned(rows, cls.most_rows)
        groups = ItemGroups(rows.item, rows.n_items)
        mean = groups.mean(rows.quantity)
        controls = _samples(rows, groups, cls.points)
        found = cls(None, linear, rows.category, controls, mean, np.full(len(groups), np.nan))
        sold = rows.keep(mean[rows.item] > 0.0)
        if len(sold) == 0:
            return found
        noise = linear.told.noise
        usual = float(np.nanmedian(noise)) if np.isfinite(noise).any() else 1.0
        least = max(1e-2 * usual, 1e-12)
        weight = mean / np.maximum(np.where(np.isfinite(noise), noise, usual), least)
        if len(sold.controls):
            item, price, quantity = sold.item, sold.price, sold.quantity
            factor = linear.factors(sold)
        else:
            cells = PriceCells.of(sold, np.ones(len(sold)))
            item, price, quantity, factor = cells.item, cells.price, cells.quantity, cells.rows
        weights = weight[item] * factor
        data = lightgbm.Dataset(
            found._inputs(item, price, sold.controls),
            quantity / (mean[item] * factor),
            weight=weights / weights.mean(),
            categorical_feature=[CATEGORY],
            init_score=np.zeros(len(item)),
            params={"verbosity": -1, "max_bin": 255, "feature_pre_filter": False},
        )
        signs = [1, -1, 0, 0, 0, *(0 for _ in rows.controls)]
        booster = lightgbm.train(
            {
                **SETTINGS,
                "seed": seed % 2**31,
                "monotone_constraints": signs,
                "num_threads": 1 if len(item) <= ALONE else 0,
            },
            data,
            num_boost_round=TREES,
            callbacks=[lambda _: checkpoint()],
        )
        found.trees = TreeScorer(booster.dump_model())
        found.level = np.ones(len(groups))
        whole = groups.total(found.of_rows(rows))
        found.level = groups.total(rows.quantity) / np.where(whole > 0, whole, np.nan)
        return found

    def expected(self, price: Floats) -> Floats:
        """Return what the trees say with the controls of some of the item's rows, on average."""
        n_items, width = price.shape
        item = np.repeat(np.arange(n_items), width)
        said = [
            self._said(item, price.ravel(), self.controls[:, item, at])
            for at in range(self.controls.shape[2])
        ]
        # Some rows are not all: the factors of the log-linear model say how far they are off.
        each = np.arange(n_items)
        factors = [self.linear.factor_of(each, one) for one in np.moveaxis(self.controls, 2, 0)]
        scale = self.linear.factor / np.mean(factors, axis=0)
        found: Floats = np.mean(said, axis=0).reshape(price.shape) * scale[:, None]
        return found

    def of_rows(self, rows: PriceRows) -> Floats:
        """Return what the trees say of each row."""
        return self._said(rows.item, rows.price, rows.controls)

    def _said(self, item: Longs, price: Floats, controls: Floats) -> Floats:
        if self.trees is None:
            return np.full(len(item), np.nan)
        raw = self.trees(self._inputs(item, price, controls))[:, 0]
        factor = self.linear.factor_of(item, controls)
        found: Floats = (self.mean * self.level)[item] * factor * np.exp(raw)
        return found

    def _inputs(self, item: Longs, price: Floats, controls: Floats) -> Floats:
        """Return the columns that the trees see, shape (n_rows, 5 + n_controls)."""
        dearer = np.log(price / self.linear.usual[item])
        fall = np.minimum(self.linear.slope, 0.0)[item]
        usual = np.log(self.linear.usual)[item]
        quantity = np.log(np.maximum(self.mean, 1e-300))[item]
        return np.column_stack(
            [fall * dearer, dearer, usual, quantity, self.category[item] + 1, *controls]
        )


def _samples(rows: PriceRows, groups: ItemGroups, points: int) -> Floats:
    """Return the controls of rows that are evenly spread over each item's."""
    count = min(max(ROOM // max(points * len(groups), 1), 4), SAMPLES) if len(rows.controls) else 1
    found = np.zeros((len(rows.controls), len(groups), count))
    share = (np.arange(count) + 0.5) / count
    picked = groups.starts[:, None] + (groups.counts[groups.filled, None] * share).astype(np.int64)
    found[:, groups.filled] = rows.controls[:, picked]
    return found
