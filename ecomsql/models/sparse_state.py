"""Sparse matrices as plain arrays, and back with nothing taken on trust."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from ecomsql.errors import ModelError


def matrix_arrays(matrix: csr_matrix) -> dict[str, np.ndarray]:
    """Return the three arrays of `matrix`: int64 offsets, int32 columns, float32 values."""
    return {
        "offsets": matrix.indptr.astype(np.int64),
        "columns": matrix.indices.astype(np.int32),
        "values": matrix.data.astype(np.float32),
    }


def matrix_from(arrays: dict[str, np.ndarray], n_columns: int) -> csr_matrix:
    """Restore a matrix with `n_columns` from :func:`matrix_arrays`; all values are above 0.

    Raises
    ------
    ModelError
        When an array is missing or of another type, or they do not fit together.
    """
    offsets = array_of(arrays, "offsets", np.int64)
    columns = array_of(arrays, "columns", np.int32)
    values = array_of(arrays, "values", np.float32)
    if len(offsets) == 0 or offsets[0] != 0 or (offsets[1:] < offsets[:-1]).any():
        raise ModelError("a stored matrix has offsets that do not rise from 0")
    if offsets[-1] != len(columns) or len(columns) != len(values):
        raise ModelError("a stored matrix has offsets, columns and values of different lengths")
    if len(columns) and (columns.min() < 0 or columns.max() >= n_columns):
        raise ModelError(f"a stored matrix has columns outside 0 to {n_columns - 1}")
    if not (np.isfinite(values) & (values > 0)).all():
        raise ModelError("a stored matrix has values that are not above 0")
    return csr_matrix((values, columns, offsets), shape=(len(offsets) - 1, n_columns))


def array_of(arrays: dict[str, np.ndarray], name: str, dtype: type) -> np.ndarray:
    """Return the one-dimensional array `name`, of type `dtype`, or raise ModelError."""
    array = arrays.get(name)
    if not isinstance(array, np.ndarray) or array.ndim != 1 or array.dtype != dtype:
        raise ModelError(f"a stored model needs the array '{name}' of type {np.dtype(dtype)}")
    return array
