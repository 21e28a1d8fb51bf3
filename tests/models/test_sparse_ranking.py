"""The best k of sparse rows, against sorting each row."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from knn_data import sparse_rows
from scipy.sparse import csr_matrix

from ecomsql.models.row_blocks import product_costs, row_blocks
from ecomsql.models.sparse_ranking import best_of_blocks, top_k_sparse


@given(st.integers(0, 10_000), st.integers(0, 30), st.integers(1, 40), st.integers(0, 50))
def test_equals_sorting(seed: int, n: int, m: int, k: int) -> None:
    matrix = sparse_rows(seed, (n, m), density=0.5)
    columns, values = top_k_sparse(matrix, k)
    for row in range(n):
        first, last = matrix.indptr[row], matrix.indptr[row + 1]
        pairs = zip(-matrix.data[first:last], matrix.indices[first:last], strict=True)
        expected = [(item, -value) for value, item in sorted(pairs) if value < np.inf][:k]
        found = list(zip(columns[row].tolist(), values[row].tolist(), strict=True))
        assert found == expected + [(-1, 0.0)] * (k - len(expected))


def test_blocks_and_threads_change_nothing() -> None:
    matrix = sparse_rows(5, (300, 90), density=0.3)
    whole = top_k_sparse(matrix, 7)
    costs = np.full(300, 1 << 16, dtype=np.int64)
    before = torch.get_num_threads()
    try:
        for threads in (1, 3):
            torch.set_num_threads(threads)
            parts = best_of_blocks(lambda start, stop: matrix[start:stop], costs, 7, "rank")
            np.testing.assert_array_equal(parts[0], whole[0])
            np.testing.assert_array_equal(parts[1], whole[1])
    finally:
        torch.set_num_threads(before)


@given(st.lists(st.integers(0, 50), max_size=40), st.integers(1, 60))
def test_blocks_cover_all_rows_once(costs: list[int], limit: int) -> None:
    blocks = row_blocks(np.array(costs, dtype=np.int64), limit=limit)
    assert [row for start, stop in blocks for row in range(start, stop)] == list(range(len(costs)))
    assert all(sum(costs[start : stop - 1]) <= limit for start, stop in blocks)


def test_costs_count_the_products() -> None:
    left = csr_matrix(np.array([[1, 1, 0], [0, 0, 0], [0, 0, 1]]))
    right = csr_matrix(np.array([[1, 1], [0, 1], [1, 1]]))
    assert product_costs(left, right).tolist() == [3, 0, 2]
