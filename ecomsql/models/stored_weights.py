"""Checks of arrays of weights that were stored."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ecomsql.errors import ModelError


def checked(
    arrays: Mapping[str, np.ndarray], terms: str, weights: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return a number for each term, and weights for each term and the base, that fit together.

    Parameters
    ----------
    arrays : mapping
    terms, weights : str
        Names of a float32 array of the shape (terms,), and of a float64 array of the shape
        (terms + 1, outputs).

    Raises
    ------
    ModelError
        If one is missing, of another shape, or not finite.
    """
    try:
        one, two = arrays[terms], arrays[weights]
    except KeyError as error:
        raise ModelError(f"the classifier of texts lacks {error}") from error
    sound = (
        one.dtype == np.float32
        and two.dtype == np.float64
        and one.ndim == 1
        and two.ndim == 2
        and len(two) == len(one) + 1
        and bool(np.isfinite(one).all() and np.isfinite(two).all())
    )
    if not sound:
        raise ModelError("the arrays of the classifier of texts do not fit together")
    return one, two
