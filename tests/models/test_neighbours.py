"""The neighbours that are kept, against sorting each row."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from knn_data import sparse_rows
from scipy.sparse import csr_matrix

from ecomsql.models.neighbours import keep_nearest, nearest, neighbour_matrix


def expected_rows(matrix: csr_matrix, k: int, *, exclude_self: bool) -> list[dict[int, float]]:
    rows = []
    for row in range(matrix.shape[0]):
        first, last = matrix.indptr[row], matrix.indptr[row + 1]
        pairs = zip(-matrix.data[first:last], matrix.indices[first:last], strict=True)
        found = [p for p in sorted(pairs) if p[0] < 0 and not (exclude_self and p[1] == row)]
        rows.append({int(item): float(-value) for value, item in found[:k]})
    return rows


def as_rows(matrix: csr_matrix) -> list[dict[int, float]]:
    parts = zip(
        np.split(matrix.indices, matrix.indptr[1:-1]),
        np.split(matrix.data, matrix.indptr[1:-1]),
        strict=True,
    )
    return [dict(zip(items.tolist(), data.tolist(), strict=True)) for items, data in parts]


@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 12), st.integers(1, 14))
def test_kept_are_the_largest_above_zero(seed: int, n: int, m: int, k: int) -> None:
    matrix = sparse_rows(seed, (n, m), density=0.6)
    matrix.data[np.isinf(matrix.data)] = 2.0
    assert as_rows(keep_nearest(matrix, k)) == expected_rows(matrix, k, exclude_self=False)


@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 14))
def test_nearest_leaves_out_itself(seed: int, n: int, k: int) -> None:
    matrix = sparse_rows(seed, (n, n), density=0.6)
    matrix.data[np.isinf(matrix.data)] = 2.0
    expected = expected_rows(matrix, k, exclude_self=True)
    found = nearest(
        lambda start, stop: matrix[start:stop],
        np.ones(n, dtype=np.int64),
        k,
        exclude_self=True,
        label="test",
    )
    assert as_rows(neighbour_matrix(*found, n)) == expected
