"""A random vector for every hash, without a table of them."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from ecomsql.features.text_units import Hashes, mixed

ENTRIES = 8
"""Entries of a vector that are not 0."""


def sign_vectors(hashes: Hashes, dims: int) -> csr_matrix:
    """Return a sparse vector of random signs for each hash, always the same.

    A very sparse random projection (Li, Hastie, Church: Very sparse random projections, 2006) of
    the space in which every term has an axis of its own, as in feature hashing (Weinberger et al.:
    Feature hashing for large scale multitask learning, 2009).

    Parameters
    ----------
    hashes : uint64 array, shape (n,)
    dims : int

    Returns
    -------
    csr_matrix of float32, shape (n, dims)
        Rows of length 1, up to entries that meet.
    """
    draws = np.arange(1, ENTRIES + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    bits = mixed(hashes[:, None] + draws)
    columns = ((bits >> np.uint64(32)) % np.uint64(dims)).astype(np.int32)
    scale = np.float32(ENTRIES**-0.5)
    signs = np.where(bits & np.uint64(1), scale, -scale)
    bounds = np.arange(0, len(hashes) * ENTRIES + 1, ENTRIES, dtype=np.int64)
    return csr_matrix((signs.ravel(), columns.ravel(), bounds), shape=(len(hashes), dims))
