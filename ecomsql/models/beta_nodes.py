"""Means over a beta distribution, by Gauss-Jacobi quadrature."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def beta_nodes(a: float, b: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """Return points and weights whose weighted sums are means over Beta(a, b).

    From the three-term recurrence of the Jacobi polynomials (Golub, Welsch: Calculation of Gauss
    quadrature rules, 1969), which neither overflows nor has gaps for large or small `a` and `b`.

    Parameters
    ----------
    a : float
        Above 0.
    b : float64 array, shape (n,)
        Above 0; one distribution each.
    count : int
        Points.

    Returns
    -------
    points, weights : float64 arrays, shape (n, count)
        Points within (0, 1); the weights of each distribution add up to 1.
    """
    # On [-1, 1] the density is (1 - x)^p (1 + x)^q.
    p, q = b[:, None] - 1.0, a - 1.0
    step = np.arange(count, dtype=np.float64)[None, :]
    both = 2.0 * step + p + q
    # At step 0 the general expression may be 0 / 0.
    centre = np.where(
        step == 0,
        (q - p) / (p + q + 2.0),
        (q * q - p * p) / np.where(step == 0, 1.0, both * (both + 2.0)),
    )
    n, pair = step[:, 1:], both[:, 1:]
    inner = np.where(n == 1, 1.0, (n + p + q) / np.where(n == 1, 1.0, pair - 1.0))
    beside = 4.0 * n * (n + p) * (n + q) * inner / (pair * pair * (pair + 1.0))
    matrix = np.zeros((len(b), count, count))
    at = np.arange(count)
    matrix[:, at, at] = centre
    matrix[:, at[1:], at[:-1]] = matrix[:, at[:-1], at[1:]] = np.sqrt(beside)
    points, ways = np.linalg.eigh(matrix)
    return np.clip((1.0 + points) / 2.0, 1e-300, 1.0), ways[:, 0, :] ** 2
