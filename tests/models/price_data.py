"""Shops whose elasticities are known."""

from __future__ import annotations

import numpy as np

from ecomsql.features.price_rows import PriceRows


def sold(
    elasticities: list[float] | np.ndarray,
    *,
    rows: int = 300,
    level: float = 40.0,
    spread: float = 0.2,
    seed: int = 0,
    counts: bool = True,
    cost: float = np.nan,
) -> PriceRows:
    """Return days of items whose expected quantity is level * (price / 10) ** elasticity."""
    rng = np.random.default_rng(seed)
    items = len(elasticities)
    item = np.repeat(np.arange(items), rows)
    price = np.round(10.0 * np.exp(rng.uniform(-1, 1, items * rows) * spread), 2)
    expected = level * (price / 10.0) ** np.asarray(elasticities)[item]
    quantity = (
        rng.poisson(expected).astype(float)
        if counts
        else expected * np.exp(rng.normal(0, 0.3, len(expected)))
    )
    return PriceRows.of(
        item,
        price,
        quantity,
        category=np.full(items, -1),
        time=np.tile(np.arange(rows, dtype=float), items),
        cost=np.full(items * rows, cost),
    )
