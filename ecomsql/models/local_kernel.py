"""Weights of neighbours by their distance, as matrices that make many sums at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.series_batch import Matrix

POWERS = 3
"""Sums of weights times distance to the power 0, 1 and 2: what a straight line takes."""


@dataclass(frozen=True, slots=True, eq=False)
class LocalKernel:
    """What each value counts at each place of a series that has `width` values or more.

    Each matrix holds the tricube weights times the signed distance to the powers 0, 1 and 2.

    Attributes
    ----------
    middle : float64 array, shape (3, block, block + 2 * half)
        Of a block of places and the values around them; the same for every block.
    left, right : float64 arrays, shape (3, half + beyond, width)
        Of the first and the last places and the first and the last values.
    """

    middle: Matrix
    left: Matrix
    right: Matrix

    @property
    def half(self) -> int:
        """Values to each side of one in the middle."""
        return int(self.left.shape[2]) // 2

    @property
    def block(self) -> int:
        """Places that are answered by one product."""
        return int(self.middle.shape[1])


@lru_cache(maxsize=32)
def local_kernel(width: int, beyond: int) -> LocalKernel:
    """Return the weights of an odd `width`, for places up to `beyond` the ends too."""
    half, block = width // 2, max(16, width)
    offsets = np.arange(-half, half + 1)
    band = tricube_moments(offsets[None, :], np.array([float(half)]))[:, 0]
    middle = np.zeros((POWERS, block, block + 2 * half))
    at = np.arange(block)
    middle[:, at[:, None], at[:, None] + np.arange(width)] = band[:, None]
    places = np.arange(-beyond, half)
    near = np.arange(width) - places[:, None]
    left = tricube_moments(near, np.maximum(width - 1.0 - places, places))
    sign = np.array([1.0, -1.0, 1.0])[:, None, None]
    return LocalKernel(middle, left, left[:, ::-1, ::-1] * sign)


def short_kernel(length: int, width: int, beyond: int) -> Matrix:
    """Return the weights in a series shorter than `width`, all of which is near every place.

    Returns
    -------
    float64 array, shape (3, length + 2 * beyond, length)
    """
    places = np.arange(-beyond, length + beyond)
    far = np.maximum(places, length - 1.0 - places) + (width - length) // 2
    return tricube_moments(np.arange(length) - places[:, None], far)


def tricube_moments(offsets: NDArray[np.int64], far: Matrix) -> Matrix:
    """Return tricube weights times offsets to the powers 0, 1 and 2.

    With the edges of the Fortran of STL: 1 within a thousandth of the farthest, 0 beyond 0.999.

    Parameters
    ----------
    offsets : int64 array, shape (n_places, n_values)
        Signed distances of values from places.
    far : float64 array, shape (n_places,)
        The distance where weights end.
    """
    distance, limit = np.abs(offsets).astype(np.float64), far[:, None]
    share = np.divide(distance, limit, out=np.zeros_like(distance), where=limit > 0)
    weights = np.where(distance > 0.001 * limit, (1.0 - share**3) ** 3, 1.0)
    weights[distance > 0.999 * limit] = 0.0
    return np.stack([weights, weights * offsets, weights * offsets**2])
