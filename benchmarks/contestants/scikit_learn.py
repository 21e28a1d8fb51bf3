"""scikit-learn's NMF: multiplicative updates and coordinate descent on sparse matrices."""

from __future__ import annotations

import time
import warnings

import duckdb
import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.contestants.coded import coded, put_lists
from benchmarks.datasets import Dataset


def run(con: duckdb.DuckDBPyConnection, dataset: Dataset, argument: str) -> dict[str, float]:
    """Fit NMF with 64 factors and as many iterations as `argument` says; score all users."""
    from sklearn.decomposition import NMF

    warnings.filterwarnings("ignore")
    pairs = coded(con, timed=False)
    ones = np.ones(len(pairs.users), dtype=np.float32)
    matrix = csr_matrix((ones, (pairs.users, pairs.items)))
    begun = time.perf_counter()
    model = NMF(n_components=64, init="nndsvda", max_iter=int(argument), random_state=42)
    factors = model.fit_transform(matrix)
    fitted = time.perf_counter()
    lists = []
    for start in range(0, matrix.shape[0], 1024):
        rows = matrix[start : start + 1024]
        scores = factors[start : start + 1024] @ model.components_
        if dataset.exclude_seen:
            scores[rows.nonzero()] = -np.inf
        best = np.argpartition(-scores, dataset.k, axis=1)[:, : dataset.k]
        order = np.argsort(-np.take_along_axis(scores, best, axis=1), axis=1)
        lists.append(np.take_along_axis(best, order, axis=1))
    scored = time.perf_counter()
    put_lists(con, pairs, np.vstack(lists))
    return {"fit_s": fitted - begun, "score_s": scored - fitted, "total_s": scored - begun}
