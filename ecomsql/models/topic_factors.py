"""Non-negative factors of a sparse matrix, improved until its error falls no more."""

from __future__ import annotations

import torch
from scipy.sparse import csr_matrix

from ecomsql.models.implicit_nmf import update
from ecomsql.models.least_squares import gram
from ecomsql.models.nonnegative import nonnegative_solve
from ecomsql.models.sparse_rows import SparseRows
from ecomsql.models.topic_mixtures import blocks
from ecomsql.models.topic_start import quick_start
from ecomsql.models.workers import Workers, workers
from ecomsql.progress import track

ROWS = 512
"""Rows that a thread solves for at once."""

EVERY = 5
"""Rounds between two looks at the error."""

ENOUGH = 5e-4
"""Share of the error by which it has to fall in that many rounds."""


def factorised(
    matrix: csr_matrix, topics: int, *, seed: int, iterations: int
) -> tuple[torch.Tensor, torch.Tensor, float]:
    """Return factors of rows and columns and half of the squared error.

    Parameters
    ----------
    matrix : csr_matrix of float32, shape (rows, columns)
        Elements above 0.
    topics : int
    seed : int
    iterations : int
        Rounds at most.
    """
    turned = matrix.T.tocsr()
    with workers() as run:
        rows, columns = quick_start(matrix, topics, seed=seed, run=run)
        error = squared_error(matrix, rows, columns, run)
        for step in track(range(1, iterations + 1), "nmf"):
            update(rows, columns, matrix, 0.0, run)
            update(columns, rows, turned, 0.0, run)
            if step % EVERY and step < iterations:
                continue
            before, error = error, squared_error(matrix, rows, columns, run)
            if before - error <= ENOUGH * error:
                break
    return rows, columns, error


def fold_in(matrix: csr_matrix, columns: torch.Tensor) -> torch.Tensor:
    """Return the best non-negative factors of rows for given factors of columns.

    In double precision, so that what is rounded to a float32 does not depend on the rows beside.

    Parameters
    ----------
    matrix : csr_matrix of float32, shape (rows, columns)
    columns : float32 tensor, shape (columns, topics)

    Returns
    -------
    float64 tensor, shape (rows, topics)
    """
    table = columns.double()
    system, found = table.T @ table, torch.zeros(matrix.shape[0], table.shape[1]).double()
    diagonal = system.diagonal().unsqueeze(0)

    def solve(start: int) -> None:
        part = slice(start, start + ROWS)
        right = torch.from_numpy(matrix[part] @ table.numpy())
        found[part] = nonnegative_solve(lambda w: w @ system, right, diagonal)

    with workers() as run:
        run(solve, range(0, matrix.shape[0], ROWS))
    return found


def squared_error(
    matrix: csr_matrix, rows: torch.Tensor, columns: torch.Tensor, run: Workers
) -> float:
    """Return half of the squared differences of the matrix and the product of its factors."""
    inner = (gram(rows, run).double() * gram(columns, run).double()).sum()
    parts = list(blocks(matrix))
    told = torch.zeros(len(parts), dtype=torch.float64)

    def work(at: int) -> None:
        piece = SparseRows(matrix[parts[at]])
        value = piece.values.double()
        products = piece.products(rows[parts[at]], columns).double()
        told[at] = (value * (value - 2.0 * products)).sum()

    run(work, range(len(parts)))
    return float(inner + told.sum()) / 2.0
