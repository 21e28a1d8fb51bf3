"""Grows trees on windows of series."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import lightgbm

from ecomsql.models.series_grove import Grove
from ecomsql.models.series_tree_rows import TreeRows
from ecomsql.progress import checkpoint

ROUNDS = 1_000
"""Trees at most, where what is held back says when to stop."""
UNWATCHED = 100
"""Trees where nothing does."""
PATIENCE = 40
"""Trees without an improvement before training stops."""
ALONE = 50_000
"""Rows up to which one core is faster than several."""
FIXED = {
    "objective": "regression_l1",
    "metric": "l1",
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "deterministic": True,
    "force_col_wise": True,
    "verbosity": -1,
}


def grown(
    rows: TreeRows, settings: Mapping[str, Any], *, watch: TreeRows | None = None, rounds: int = 0
) -> tuple[Grove, int]:
    """Grow `rounds` trees; where rows are watched, the best number for these, which is returned."""
    settings = {**FIXED, **settings, "num_threads": 1 if len(rows) <= ALONE else 0}
    data = _dataset(rows)
    stopping = lightgbm.early_stopping(PATIENCE, verbose=False)
    booster = lightgbm.train(
        settings,
        data,
        num_boost_round=ROUNDS if watch else rounds,
        valid_sets=[_dataset(watch, reference=data)] if watch else None,
        callbacks=[lambda _: checkpoint(), *([stopping] if watch else [])],
    )
    if not watch:
        return Grove(booster), rounds
    best = max(booster.best_iteration, 1)
    text = booster.model_to_string(num_iteration=best)
    return Grove(lightgbm.Booster(model_str=text)), best


def _dataset(rows: TreeRows, *, reference: lightgbm.Dataset | None = None) -> lightgbm.Dataset:
    return lightgbm.Dataset(
        rows.told,
        rows.came,
        weight=rows.root,
        reference=reference,
        params={"verbosity": -1, "feature_pre_filter": False},
    )
