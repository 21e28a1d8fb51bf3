"""implicit (https://github.com/benfred/implicit): compiled nearest neighbours and ALS."""

from __future__ import annotations

import time
import warnings

import duckdb
import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.contestants.coded import coded, put_lists
from benchmarks.datasets import Dataset


def run(con: duckdb.DuckDBPyConnection, dataset: Dataset, argument: str) -> dict[str, float]:
    """Fit ``bm25`` or ``als`` on a matrix already in memory and score all users, 2 threads.

    ALS has the same options as ours: its confidence is alpha where ours is 1 + alpha.
    """
    warnings.filterwarnings("ignore")
    model = _model(argument)
    pairs = coded(con, timed=False)
    ones = np.ones(len(pairs.users), dtype=np.float32)
    shape = (len(pairs.user_ids), len(pairs.item_ids))
    matrix = csr_matrix((ones, (pairs.users, pairs.items)), shape=shape)
    begun = time.perf_counter()
    model.fit(matrix, show_progress=False)
    fitted = time.perf_counter()
    everyone = np.arange(shape[0])
    items, _ = model.recommend(
        everyone, matrix, N=dataset.k, filter_already_liked_items=dataset.exclude_seen
    )
    scored = time.perf_counter()
    put_lists(con, pairs, items)
    return {"fit_s": fitted - begun, "score_s": scored - fitted, "total_s": scored - begun}


def _model(name: str):
    from implicit.als import AlternatingLeastSquares
    from implicit.nearest_neighbours import BM25Recommender

    if name == "bm25":
        return BM25Recommender(K=100, num_threads=2)
    return AlternatingLeastSquares(
        factors=128, iterations=15, alpha=81, regularization=10, num_threads=2, random_state=42
    )
