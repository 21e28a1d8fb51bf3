"""Grows trees on windows of series."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import lightgbm
import numpy as np

from ecomsql.models.series_grove import Grove
from ecomsql.models.series_tree_rows import TreeRows
from ecomsql.progress import checkpoint

ROUNDS = 300
"""Trees at most, where what is held back says how many are best."""
UNWATCHED = 100
"""Trees where nothing does."""
NEAR = 1.01
"""Of the numbers of trees whose error is at most this times the least, the largest counts.

What is held back is one moment, of which all series may share the luck.
"""
FIXED = {
    "objective": "regression_l1",
    "metric": "l1",
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 127,
    "deterministic": True,
    "force_col_wise": True,
    # Trees of these sizes gain a quarter by a second core, and lose fivefold where it is busy.
    "num_threads": 1,
    "verbosity": -1,
}


def grown(
    rows: TreeRows, settings: Mapping[str, Any], *, watch: TreeRows | None = None, rounds: int = 0
) -> tuple[Grove, int]:
    """Grow `rounds` trees, or as many as are best for rows that are watched; tell the number."""
    settings = {**FIXED, **settings}
    data = _dataset(rows)
    seen: dict[str, dict[str, list[float]]] = {}
    booster = lightgbm.train(
        settings,
        data,
        num_boost_round=ROUNDS if watch else rounds,
        valid_sets=[_dataset(watch, reference=data)] if watch else None,
        valid_names=["watch"] if watch else None,
        callbacks=[lambda _: checkpoint(), lightgbm.record_evaluation(seen)],
    )
    if not watch:
        return Grove.of(booster), rounds
    missed = np.array(seen["watch"]["l1"])
    best = int(np.flatnonzero(missed <= NEAR * missed.min())[-1]) + 1
    text = booster.model_to_string(num_iteration=best)
    return Grove.of(lightgbm.Booster(model_str=text)), best


def _dataset(rows: TreeRows, *, reference: lightgbm.Dataset | None = None) -> lightgbm.Dataset:
    return lightgbm.Dataset(
        rows.told,
        rows.came,
        weight=rows.root,
        reference=reference,
        params={
            "verbosity": -1,
            "max_bin": FIXED["max_bin"],
            "num_threads": 1,
            "feature_pre_filter": False,
        },
    )
