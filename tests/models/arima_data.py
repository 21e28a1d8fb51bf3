"""Simulated ARMA processes for the tests."""

from __future__ import annotations

import numpy as np

BEFORE = 200
"""Values that are thrown away at the start."""


def arma(n: int, ar: dict[int, float], ma: dict[int, float], seed: int) -> np.ndarray:
    """Return `n` values of the process with coefficients `ar` and `ma` by lag."""
    errors = np.random.default_rng(seed).normal(size=n + BEFORE)
    values = np.zeros(n + BEFORE)
    for t in range(30, n + BEFORE):
        values[t] = errors[t] + sum(a * values[t - i] for i, a in ar.items())
        values[t] += sum(b * errors[t - i] for i, b in ma.items())
    return values[BEFORE:]


def left_aligned(series: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return series beside a column of ones, (longest, 2, n_series), and their lengths."""
    lengths = np.array([len(one) for one in series])
    data = np.ones((lengths.max(), 2, len(series)))
    for row, one in enumerate(series):
        data[: len(one), 0, row] = one
    return data, lengths
