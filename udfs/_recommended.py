"""Makes the lists of users of a stored model from their histories, batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from ecomsql.progress import checkpoint
from ecomsql.udf import udf

from ._calls import held, named
from ._ranked import hits
from ._recommending import checked_weights

if TYPE_CHECKING:
    from ecomsql.features.histories import Doubles
    from ecomsql.features.interactions import Interactions, Longs

    from ._open_scorer import Scorer

TAKES = ("VARCHAR", "VARCHAR[]", "DOUBLE[]", "BLOB[]", "DOUBLE[]")
RETURNS = "STRUCT(item VARCHAR, rank INTEGER, score DOUBLE)[]"


@udf("_recommended", TAKES, RETURNS, by_handle=True)
def recommended(
    handles: pa.Array, items: pa.Array, times: pa.Array, orders: pa.Array, weights: pa.Array
) -> pa.Array:
    """Return a list for each history: items as text, what happened when, how much each weighs.

    `orders` holds keys that sort as times do which are no numbers, for users who have such.
    """
    checkpoint()
    scorer: Scorer = held(handles[0].as_py())
    with named("recommend"):
        history = _history(scorer, items, times, orders, weights)
    codes, scores = scorer.shortlist.lists(history)
    return hits(codes, scores, "item", scorer.loaded.ids)


def _history(
    scorer: Scorer, items: pa.Array, times: pa.Array, orders: pa.Array, weights: pa.Array
) -> Interactions:
    from ecomsql.features.histories import histories

    known = scorer.loaded.codes[scorer.equality]
    codes = np.array([known.get(text, -1) for text in items.flatten().to_pylist()], dtype=np.int64)
    there = codes >= 0
    is_timed = scorer.columns["time_col"] is not None
    return histories(
        _owners(items)[there],
        codes[there],
        checked_weights(_doubles(weights)[there], scorer.columns),
        _moments(times, orders)[there] if is_timed else None,
        n_users=len(items),
        n_items=len(scorer.loaded.ids),
    )


def _owners(lists: pa.Array) -> Longs:
    """Return the row of each element."""
    lengths = lists.value_lengths().fill_null(0).to_numpy()
    owners: Longs = np.repeat(np.arange(len(lists)), lengths)
    return owners


def _doubles(lists: pa.Array) -> Doubles:
    return np.asarray(lists.flatten().to_numpy(zero_copy_only=False), dtype=np.float64)


def _moments(times: pa.Array, orders: pa.Array) -> Doubles:
    """Return what orders the events of each user; those without a time are older than all."""
    moments: Doubles = np.nan_to_num(_doubles(times), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
    if orders.null_count < len(orders):
        keys = orders.flatten().to_pylist()
        place = {key: float(at) for at, key in enumerate(sorted({*keys} - {None}))}
        ranked = orders.is_valid().to_numpy(zero_copy_only=False)[_owners(times)]
        moments[ranked] = [place.get(key, -np.inf) for key in keys]
    return moments
