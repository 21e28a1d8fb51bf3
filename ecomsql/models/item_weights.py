"""A sparse matrix of item-to-item weights: scores from it, neighbours from it, its stored form."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags_array

from ecomsql.errors import ModelError
from ecomsql.features.interactions import Floats, Interactions, Ints
from ecomsql.models.row_blocks import product_costs
from ecomsql.models.sparse_ranking import best_of_blocks, top_k_sparse
from ecomsql.models.sparse_state import array_of

LEAST = 1e-30
"""Scores up to this are none: no item of the history speaks for the item."""


def positive_scores(profiles: csr_matrix, weights: csr_matrix) -> csr_matrix:
    """Return ``profiles @ weights``, where what is not above 0 is ``-inf``, not to be given."""
    found = csr_matrix(profiles @ weights)
    found.data[found.data <= LEAST] = -np.inf
    return found


def recommend_sparse(
    history: Interactions, values: Floats, weights: csr_matrix, k: int, *, exclude_seen: bool
) -> tuple[Ints, Floats]:
    """Return the k best items of each user by :func:`positive_scores`, and their scores.

    Parameters
    ----------
    history : Interactions
        What to leave out, where `exclude_seen`.
    values : float32 array, shape (n,)
        What each entry of the history counts, 0 or more.
    weights : csr_matrix of float32, shape (n_items, n_items)
        Without a diagonal.
    k : int
    """
    if exclude_seen:
        # An item that rules itself out: whatever counts in the history ends at -inf.
        ruled_out = np.full(weights.shape[0], -np.inf, dtype=np.float32)
        weights = csr_matrix(weights + diags_array(ruled_out, format="csr"))
        # So that 0 x -inf does not come up, entries that count nothing get the least there is.
        values = np.maximum(values, np.finfo(np.float32).tiny)
    profiles = history.matrix(values)

    def block(start: int, stop: int) -> csr_matrix:
        return positive_scores(profiles[start:stop], weights)

    costs = product_costs(profiles, weights)
    return best_of_blocks(block, costs, min(k, weights.shape[0]), "scores")


def nearest_sparse(similarity: csr_matrix, k: int) -> tuple[Ints, Floats]:
    """Return the k most similar items of each row, above 0, and their similarity."""
    near = csr_matrix(similarity)
    near.data = np.where(near.data > 0, near.data, -np.inf).astype(np.float32)
    return top_k_sparse(near, min(k, max(near.shape[0] - 1, 0)))


def item_weights_from(arrays: dict[str, np.ndarray], n_items: int) -> csr_matrix:
    """Restore a matrix stored by :func:`~ecomsql.models.sparse_state.matrix_arrays`.

    Raises
    ------
    ModelError
        When the arrays do not make a square matrix of `n_items`, with finite values, without
        diagonal, and with columns that ascend within each row.
    """
    offsets = array_of(arrays, "offsets", np.int64)
    columns = array_of(arrays, "columns", np.int32)
    values = array_of(arrays, "values", np.float32)
    if len(offsets) != n_items + 1 or offsets[0] != 0 or (np.diff(offsets) < 0).any():
        raise ModelError(f"a stored matrix of {n_items} items has offsets that do not fit")
    if offsets[-1] != len(columns) or len(columns) != len(values):
        raise ModelError("a stored matrix has offsets, columns and values of different lengths")
    if len(columns) and (columns.min() < 0 or columns.max() >= n_items):
        raise ModelError(f"a stored matrix has columns outside 0 to {n_items - 1}")
    rows = np.repeat(np.arange(n_items), np.diff(offsets))
    if (np.diff(rows * n_items + columns) <= 0).any() or (rows == columns).any():
        raise ModelError("a stored matrix has a diagonal, or columns that do not ascend")
    if not np.isfinite(values).all():
        raise ModelError("a stored matrix has values that are not finite")
    return csr_matrix((values, columns, offsets), shape=(n_items, n_items))


def number_from(values: dict[str, Any], name: str, *, high: float) -> float:
    """Return the number `name`, 0 to `high`, of a stored model, or raise ModelError."""
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ModelError(f"a stored model needs the number '{name}'")
    if not (0 <= value <= high and math.isfinite(value)):
        raise ModelError(f"a stored model has {name} = {value}, outside 0 to {high:g}")
    return float(value)
