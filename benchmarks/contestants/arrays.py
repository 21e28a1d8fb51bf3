"""ecomsql's models called on arrays already in memory, without SQL."""

from __future__ import annotations

import time

import duckdb
import numpy as np
import polars as pl

from benchmarks.contestants.coded import Coded, coded, put_lists
from benchmarks.datasets import Dataset
from ecomsql.features.interactions import Interactions, interactions
from ecomsql.models.fitting import fit


def run(con: duckdb.DuckDBPyConnection, dataset: Dataset, argument: str) -> dict[str, float]:
    """Fit the method of the name `argument` and score all users."""
    pairs = coded(con, timed=dataset.timed)
    begun = time.perf_counter()
    data = interactions_of(pairs)
    model = fit(argument, data, seed=42, options={})
    fitted = time.perf_counter()
    items, _ = model.recommend(data, dataset.k, exclude_seen=dataset.exclude_seen)
    scored = time.perf_counter()
    put_lists(con, pairs, items)
    return {"fit_s": fitted - begun, "score_s": scored - fitted, "total_s": scored - begun}


def interactions_of(pairs: Coded) -> Interactions:
    """Return coded pairs as interactions, each of weight 1."""
    frame = {"user": pairs.users, "item": pairs.items, "weight": np.ones(len(pairs.users))}
    if pairs.times is not None:
        frame["time"] = pairs.times
    return interactions(
        pl.DataFrame(frame), n_users=len(pairs.user_ids), n_items=len(pairs.item_ids)
    )
