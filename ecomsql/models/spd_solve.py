"""Solves batches of small symmetric positive definite systems."""

from __future__ import annotations

import torch

from ecomsql.errors import DataError


def solve_spd(systems: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Solve ``A x = b`` for each pair, up to rounding.

    By Cholesky factors, in double precision where single fails.

    Parameters
    ----------
    systems : float32 tensor, shape (size, n, n)
    right : float32 tensor, shape (size, n)

    Returns
    -------
    float32 tensor, shape (size, n)

    Raises
    ------
    DataError
        If a system is singular even in double precision: weights are too far apart.
    """
    factor, failed = torch.linalg.cholesky_ex(systems)
    if not failed.any():
        return torch.cholesky_solve(right.unsqueeze(2), factor).squeeze(2)
    factor, failed = torch.linalg.cholesky_ex(systems.double())
    if failed.any():
        raise DataError("the weights are too far apart to solve for: use smaller ones, or a log")
    return torch.cholesky_solve(right.double().unsqueeze(2), factor).squeeze(2).float()
