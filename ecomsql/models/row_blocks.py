"""Work on blocks of rows of about equal cost, in threads."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from scipy.sparse import csr_matrix

from ecomsql.features.interactions import Longs
from ecomsql.progress import track
from ecomsql.threads import Threads

BLOCK_COST = 1 << 19
"""Products a block makes: bounds the memory of a thread to some 30 MB."""


def product_costs(left: csr_matrix, right: csr_matrix) -> Longs:
    """Return how many products each row of ``left @ right`` adds up, shape (rows of left,)."""
    lengths = np.diff(right.indptr).astype(np.int64)
    so_far = np.concatenate([[0], np.cumsum(lengths[left.indices])])
    costs: Longs = np.diff(so_far[left.indptr])
    return costs


def row_blocks(costs: Longs, limit: int = BLOCK_COST) -> list[tuple[int, int]]:
    """Cut rows into ``(start, stop)`` blocks of at most `limit` and one row's cost.

    Examples
    --------
    >>> row_blocks(np.array([3, 3, 3, 9, 1]), limit=6)
    [(0, 2), (2, 4), (4, 5)]
    """
    if len(costs) == 0:
        return []
    # A row costs something even when it is empty, so that a block never has too many.
    before = np.concatenate([[0], np.cumsum(costs + limit // 65_536)[:-1]])
    block = before // limit
    starts = np.concatenate([[0], np.flatnonzero(np.diff(block)) + 1])
    stops = np.concatenate([starts[1:], [len(costs)]])
    return list(zip(starts.tolist(), stops.tolist(), strict=True))


def for_each_block(
    work: Callable[[int, int], None], blocks: list[tuple[int, int]], label: str
) -> None:
    """Call ``work(start, stop)`` for every block, in as many threads as Torch uses.

    Each call writes its own rows of a result, so that the number of threads changes nothing.
    """
    threads = min(torch.get_num_threads(), len(blocks))
    if threads <= 1:
        for start, stop in track(blocks, label):
            work(start, stop)
        return
    pool = Threads(threads)
    try:
        # Sparse products, partitions and gathers release the interpreter's lock.
        futures = [pool.submit(work, start, stop) for start, stop in blocks]
        for future in track(futures, label):
            future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
