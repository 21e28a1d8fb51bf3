"""Coded events drawn at random, and what they amount to by plain Python."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from hypothesis import strategies as st

from ecomsql.features.interactions import Interactions, interactions

N_USERS, N_ITEMS = 4, 5
Event = tuple[int, int, float, float]

times = st.sampled_from([-math.inf, -3.0, 0.0, 0.5, 7.0, math.inf])
# Weights that add up without rounding, so that any order gives the same sum.
weights = st.sampled_from([-2.0, -1.0, 0.0, 0.25, 1.0, 3.0])
events = st.lists(
    st.tuples(st.integers(0, N_USERS - 1), st.integers(0, N_ITEMS - 1), weights, times),
    max_size=25,
)


def frame_of(rows: list[Event], *, timed: bool = True) -> pl.DataFrame:
    schema = {"user": pl.Int32, "item": pl.Int32, "weight": pl.Float64, "time": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame if timed else frame.drop("time")


def built(rows: list[Event], *, timed: bool = True) -> Interactions:
    return interactions(frame_of(rows, timed=timed), n_users=N_USERS, n_items=N_ITEMS)


def naive(rows: list[Event], *, timed: bool = True) -> dict[int, list[Any]]:
    """Return each user's list of (item, weight, steps back or None)."""
    total: dict[tuple[int, int], float] = {}
    latest: dict[tuple[int, int], float] = {}
    for user, item, weight, time in rows:
        pair = (user, item)
        total[pair] = total.get(pair, 0.0) + weight
        latest[pair] = max(latest.get(pair, -math.inf), time)
    found: dict[int, list[Any]] = {}
    for user in range(N_USERS):
        own = [pair for pair in total if pair[0] == user and total[pair] > 0]
        own.sort(key=lambda pair: (latest[pair] if timed else 0, pair[1]))
        stamps = sorted({latest[pair] for pair in own}, reverse=True)
        found[user] = [
            (pair[1], total[pair], stamps.index(latest[pair]) if timed else None) for pair in own
        ]
    return found


def shown(data: Interactions) -> dict[int, list[Any]]:
    """Return the same of :class:`Interactions`."""
    steps = [None] * len(data.items) if data.steps is None else data.steps.tolist()
    rows = list(zip(data.items.tolist(), data.weights.tolist(), steps, strict=True))
    bounds = data.offsets.tolist()
    return {user: rows[bounds[user] : bounds[user + 1]] for user in range(data.n_users)}


def check(data: Interactions) -> None:
    """Assert what holds of any interactions."""
    assert data.offsets.dtype == np.int64
    assert data.items.dtype == np.int32
    assert data.weights.dtype == np.float32
    assert data.steps is None or data.steps.dtype == np.int32
    assert data.offsets[0] == 0
    assert data.offsets[-1] == len(data.items) == len(data.weights)
    assert data.steps is None or len(data.steps) == len(data.items)
    assert (data.lengths >= 0).all()
    assert (data.weights > 0).all()
    assert ((data.items >= 0) & (data.items < data.n_items)).all()
    for row in shown(data).values():
        assert len({item for item, _, _ in row}) == len(row)
        if data.steps is not None and row:
            steps = [step for _, _, step in row]
            assert steps[-1] == 0
            assert all(a - b in (0, 1) for a, b in pairwise(steps))
