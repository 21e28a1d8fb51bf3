"""Weights of a linear regression of each item on all the others, from pairs of items."""

from __future__ import annotations

import numpy as np
import torch
from scipy.sparse import csr_matrix

from ecomsql.features.interactions import Floats
from ecomsql.models.spd_inverse import spd_inverse_
from ecomsql.models.top_entries import top_entries


def inverse_(gram: torch.Tensor, regularization: float) -> torch.Tensor:
    """Return ``P = (G + regularization I)^-1``, in the memory of `gram`."""
    gram.diagonal().add_(regularization)
    return spd_inverse_(gram)


def regression_weights(
    inverse: torch.Tensor, forward: csr_matrix | None, *, reverse: float, top: int
) -> csr_matrix:
    """Return what each item says of each other one, cut to the `top` largest of each item.

    The weights ``B`` minimise ``tr(B'GB) - 2 tr(B'C) + regularization |B|^2`` under a zero
    diagonal, where G is the Gram matrix and ``C = reverse G + (1 - reverse) F``, with F the pairs
    whose second item came later. As ``P G = I - regularization P``, off the diagonal
    ``B = (1 - reverse) P F - P diag(m)``, with m such that the diagonal is zero. At reverse = 1
    this is EASE.

    Parameters
    ----------
    inverse : float32 tensor, shape (n_items, n_items)
        P, of the :func:`~ecomsql.models.item_pairs.gram_matrix`.
    forward : csr_matrix, shape (n_items, n_items), or None
        F, the :func:`~ecomsql.models.item_pairs.forward_matrix`; None for reverse = 1, where it
        plays no part.
    reverse : float
        What a pair counts from its later item to its earlier one, 0 to 1.
    top : int
    """
    dense = inverse.numpy()
    after = None if forward is None else csr_matrix(forward.T * np.float32(1 - reverse))
    ahead = 0.0 if after is None else _diagonal_of_product(dense, after)
    scale = (-(reverse + ahead) / np.diagonal(dense)).astype(np.float32)

    def block(start: int, stop: int) -> Floats:
        rows = dense[start:stop] * scale
        if after is not None:
            rows += (after @ np.ascontiguousarray(dense[start:stop].T)).T
        rows[np.arange(stop - start), np.arange(start, stop)] = 0
        return rows

    return top_entries(block, len(dense), top)


def _diagonal_of_product(inverse: Floats, after: csr_matrix) -> Floats:
    """Return the diagonal of ``inverse @ after.T``, shape (n_items,)."""
    items = np.repeat(np.arange(len(inverse)), np.diff(after.indptr))
    products = inverse[items, after.indices] * after.data.astype(np.float64)
    diagonal: Floats = np.bincount(items, products, minlength=len(inverse)).astype(np.float32)
    return diagonal
